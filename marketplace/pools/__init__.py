"""The alliances' patent pools: offered by owners, evaluated by experts, admitted by two people."""
