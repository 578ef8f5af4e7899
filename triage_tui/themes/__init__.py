"""How the console is coloured: by the terminal's own sixteen colours, by colours of ours, or not at all."""
