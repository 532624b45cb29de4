"""How a fault of ours is told in a log: its kind and its place, never its words."""


def where(error: BaseException) -> str:
    """The kind of a fault and the line it came from, without a word of its message."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "nowhere"
    return f"{type(error).__name__} in {place}"
