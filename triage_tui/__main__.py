"""`python -m triage_tui` is `triage`."""

from triage_tui.cli.main import main

if __name__ == "__main__":
    main()
