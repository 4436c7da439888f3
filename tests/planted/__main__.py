"""`python -m tests.planted NAME -- serve|worker …`: run Knuff with a bug."""

import sys

from tests.planted import PLANTED


def main() -> int:
    try:
        name, _dashes, *arguments = sys.argv[1:]
        plant = PLANTED[name]
    except (ValueError, KeyError):
        sys.stderr.write(f"python -m tests.planted NAME -- serve|worker …, with one of {', '.join(PLANTED)}\n")
        return 2
    plant(setattr)
    from bot import cli

    sys.argv = ["knuff", *arguments]
    cli.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
