"""The one door for edits: what an edit is, who may make it, and who else must agree.

The API and the pages both come in here, so what one refuses the other refuses too.
"""
