"""Finance: a bank's customer assistant."""

from ui.chat import chat_page
from ui.frame import frame, heading
from usecases.finance import assistant
from usecases.registry import find

ROW = find("finance-assistant")
frame(ROW.title)
heading(ROW.title, f"{ROW.summary} Larkfield Bank and its customers are invented.")
chat_page(ROW, assistant)
