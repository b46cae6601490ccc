//! What the style guide says.

words! {
    TITLE = "Style guide";
    INTRO = "Every part that pages are put together from. Look at it in light and dark, wide and narrow, with a pointer and with the keyboard.";
    COLOURS = "Colours";
    TYPE = "Letters";
    BUTTONS = "Buttons";
    FIELDS = "Fields";
    IN_PLACE = "Edited in place";
    IN_PLACE_NEXT = "Enter or leaving the field saves, Escape takes back. Write “faster” to meet somebody who was, “nobody” to be refused.";
    LABELS = "Labels and faces";
    TABLES = "Tables and tabs";
    MENUS = "Menu";
    MENUS_MORE = "More";
    NEWS = "News";
    NOTHING = "While there is nothing";
    DRAWINGS = "Drawings";

    EXAMPLE_TITLE = "Where is my tent?";
    EXAMPLE_TEXT = "Ana wrote on Monday that her tent has not arrived, and sent a picture of the empty box.";
    EXAMPLE_DEED = "Add a note";
    EXAMPLE_DANGER = "Delete";
    EXAMPLE_LINK = "Open it";
    NAME = "Name";
    NOTE = "Note";
    HINT = "Add …";
    HELP = "The one she writes from.";
    WRONG = "an e-mail address has something behind the @";
    CHOICES = "Choices";
    CHOICE = "Keep me posted";
    GOOD = "sent";
    WARN = "waits";
    BAD = "failed";
    INFO = "new";
    PROGRESS = "Exported";
    TAB_ONE = "Mine";
    TAB_TWO = "All";
    STATE = "State";
    NUMBER = "Messages";
    DIALOG = "Open a dialog";
    DONE = "The note is saved.";
    NOT_DONE = "The note was not saved: it is empty.";
    SHOW_TOAST = "Do something";
    SHOW_FAILED = "Do something that fails";
    EMPTY = "Nobody waits for you";
    EMPTY_NEXT = "What is assigned to you stands here. Take something from those that nobody has.";
}
