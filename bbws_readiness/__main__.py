"""Runs the command line as `python -m bbws_readiness`."""

from bbws_readiness.cli.main import main

if __name__ == "__main__":
    main()
