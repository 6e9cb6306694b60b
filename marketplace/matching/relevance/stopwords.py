"""English words that say nothing about a subject, in documents of any field."""

STOPWORDS = frozenset(
    """
    a about above after again all also although always an and any are as at be because been before being below between
    both but by can could did do does doing due during each either et etc few for from further had has have having he
    her here hers him his how however i if in into is it its itself just let many may me might more most much must my
    neither no nor not now of off often on once one only onto or other our out over own per rather same shall she should
    since so some such than that the their them then there therefore these they this those three through thus to too
    two under until up upon us use used uses using very via was we well were what when where whereas whether which
    while who whom whose why will with within without would yet you your
    approach based propose proposed proposes present presented presents paper show shows shown new novel study
    """.split()  # noqa: SIM905 - a list of quoted words would be four screens long
)
