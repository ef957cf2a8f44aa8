"""Tables drawn with lines around each cell."""

from math import ceil

from kerasette.utils.styled import aligned, blanks, styled, wrapped

# Left, fill, between, right: of the top, header, line below it, row, line between rows, bottom.
BOX = ("┏━┳┓", "┃ ┃┃", "┡━╇┩", "│ ││", "├─┼┤", "└─┴┘")
ASCII_BOX = ("+--+", "| ||", "|-+|", "| ||", "|-+|", "+--+")


def table_lines(header, rows, sides, widths, total, is_ascii=False):
    """Lines of a table.

    Parameters
    ----------
    header : list of str
    rows : list of list of text
    sides : list of {"left", "right", "center"}
        Where the text of each column stands.
    widths : list of int
        Of the columns, without blanks beside the text; reduced or enlarged to fit `total`.
    total : int
        Width of the table.
    is_ascii : bool
        Whether to draw with ASCII characters.

    Returns
    -------
    list of text
    """
    top, head, below, body, between, bottom = ASCII_BOX if is_ascii else BOX
    widths = fitted_widths([width + 2 for width in widths], total - len(widths) - 1)
    titles = [title_cell(name, width, side) for name, width, side in zip(header, widths, sides)]
    height = max(len(lines) for lines in titles)
    titles = [
        [blanks(width, "bold")] * (height - len(lines)) + lines
        for lines, width in zip(titles, widths)
    ]
    lines = [rule(top, widths), *joined(titles, head), rule(below, widths)]
    for i, row in enumerate(rows):
        if i:
            lines.append(rule(between, widths))
        cells = [body_cell(text, width, side) for text, width, side in zip(row, widths, sides)]
        height = max(len(cell) for cell in cells)
        cells = [
            cell + [blanks(width)] * (height - len(cell)) for cell, width in zip(cells, widths)
        ]
        lines += joined(cells, body)
    return [*lines, rule(bottom, widths)]


def rule(box, widths):
    """A line between cells."""
    left, fill, cross, right = box
    return styled(left + cross.join(fill * width for width in widths) + right)


def joined(cells, box):
    """Lines of cells side by side, all of one height."""
    left, _, divider, right = box
    for parts in zip(*cells):
        line = styled(left)
        for i, part in enumerate(parts):
            line += (styled(divider) if i else []) + part
        yield line + styled(right)


def body_cell(text, width, side):
    """Lines of a cell, with a blank on either side."""
    inner = max(width - 2, 1)
    return [
        [*blanks(1), *aligned(line, inner, side), *blanks(1)]
        for line in wrapped(text, inner, folds=False)
    ]


def title_cell(name, width, side):
    """Lines of a cell of the header; blanks around the title have a style apart from its own."""
    cells = body_cell(styled(name), width, side)
    return [
        [(c, "bold" if i in (0, len(line) - 1) else "title") for i, (c, _) in enumerate(line)]
        for line in cells
    ]


def fitted_widths(widths, total):
    """Widths whose sum is `total`: all made narrower by as much, or wider in proportion."""
    excess = sum(widths) - total
    if excess < 0:
        return [width + pad for width, pad in zip(widths, shares(-excess, widths))]
    fitted = []
    for i, width in enumerate(widths):
        less = min(width, round(excess / (len(widths) - i)))
        fitted.append(width - less)
        excess -= less
    return fitted


def shares(total, ratios):
    """`total` in whole parts that are to one another as `ratios`, nearly."""
    parts, rest = [], sum(ratios)
    for ratio in ratios:
        parts.append(ceil(ratio * total / rest) if rest else total)
        total -= parts[-1]
        rest -= ratio
    return parts
