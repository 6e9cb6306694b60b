"""The books recomputed by somebody who trusts none of the services: each finding begins with the table and the row.

Nothing here imports a room that moves money; its rules are written anew, so that an error there is not an error here as well.
"""
