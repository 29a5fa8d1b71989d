"""The bot's process: ``python -m benchmarks.pack.ours FILE``.

It imports nothing before it runs. A helper process begins with its parent's main module, and that
of ``onboard`` is a few lines, too: the helper is as large here as it is there.
"""

if __name__ == "__main__":
    import asyncio
    import sys
    from pathlib import Path

    from benchmarks.pack.hand_over import main
    from bot.memory import give_back_at_once

    # As ``onboard serve`` does.
    give_back_at_once()
    asyncio.run(main(Path(sys.argv[1])))
