"""Pages of the publishing area: the list and the editor (`writing`), one draft and the acts on it (`review`)."""
