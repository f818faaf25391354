"""The public's pages: nobody signs in here."""
