"""A service process to kill: python -m tests.chaos.server PORT ADDRESS-OF-DATABASE [whole].

With `whole` it is the service itself; without, the store under a conversation that only counts, so that every answer can be foretold.
"""

from __future__ import annotations

import sys

import uvicorn

from app.main import create_app
from app.settings import Settings
from tests.store.standin import service

if __name__ == "__main__":
    often = "1000000/second"
    settings = Settings(database_url=sys.argv[2], rate_conversation=often, rate_address=often, log_level="error")
    make = create_app if "whole" in sys.argv[3:] else service
    uvicorn.run(make(settings), host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
