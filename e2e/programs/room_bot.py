"""A room bot of the framework Minette, by its adapter for Symphony: it repeats what it hears. Below it is the older Python kit.

    room_bot.py CONFIGURATION     # for that kit
"""

import logging
import sys

from minette import DialogService
from minette_symphony import SymphonyAdapter


class Echo(DialogService):
    def compose_response(self, request, context, connection):
        return f"You said: {request.text}"


adapter = SymphonyAdapter(symphony_config=sys.argv[1], default_dialog_service=Echo, prepare_table=True)
logging.getLogger().addHandler(logging.StreamHandler())
adapter.start_datafeed()
