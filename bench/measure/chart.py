"""The chart of docs/performance.md: each row's ratio with its spread, on a logarithmic axis, against its target."""
import math
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT, TOP, STEP = 900, 210, 150, 64, 26
COLORS = {True: '#2c7a4b', False: '#b3382c', None: '#5a6b7b'}
PANELS = [('speed: ours over the peer\'s, further right is better', False), ('cost: ours over the peer\'s, further left is better', True)]


class Axis:
    """Ratios to places, over whole powers of ten."""

    def __init__(self, values):
        self.low = math.floor(math.log10(min([*values, 0.5])))
        self.high = math.ceil(math.log10(max([*values, 2])))

    def __call__(self, ratio):
        share = (math.log10(max(ratio, 10 ** self.low)) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        for power in range(self.low, self.high):
            yield from (factor * 10 ** power for factor in (1, 2, 5))
        yield 10 ** self.high


def text(x, y, words, more=''):
    return f'<text x="{x:.0f}" y="{y:.0f}" {more}>{escape(words)}</text>'


def bar(axis, y, row, figures):
    """The row's name, a line from its lowest to its highest ratio, a dot at the median, a mark at the target."""
    color = COLORS[row.met(figures['ratio'])]
    ratio = axis(figures['ratio'])
    low, high = axis(figures['low']), axis(figures['high'])
    yield text(LEFT - 12, y + 4, row.name, 'text-anchor="end"')
    yield f'<line x1="{low:.1f}" y1="{y}" x2="{high:.1f}" y2="{y}" stroke="{color}" stroke-width="5" stroke-opacity="0.35"/>'
    yield f'<circle cx="{ratio:.1f}" cy="{y}" r="5" fill="{color}"/>'
    said = f'{figures["ratio"]:.2f}'
    if row.target is not None:
        yield f'<line x1="{axis(row.target):.1f}" y1="{y - 9}" x2="{axis(row.target):.1f}" y2="{y + 9}" stroke="#222" stroke-width="2"/>'
        said += f'  ({"≥" if row.at_least is not None else "≤"} {row.target:g})'
    yield text(WIDTH - RIGHT + 14, y + 4, said, f'fill="{color}"')


def panel(title, measured, top):
    """The rows of one kind below their title; also gives where the panel ends."""
    axis = Axis([figures[key] for _, figures in measured for key in ('low', 'high')] + [row.target for row, _ in measured if row.target])
    bottom = top + 14 + STEP * len(measured)
    out = [text(LEFT, top - 10, title, 'font-weight="bold"')]
    for tick in axis.ticks():
        dark = '#888' if tick == 1 else '#ddd'
        out.append(f'<line x1="{axis(tick):.1f}" y1="{top}" x2="{axis(tick):.1f}" y2="{bottom}" stroke="{dark}"/>')
        out.append(text(axis(tick), bottom + 14, f'{tick:g}', 'text-anchor="middle" fill="#666"'))
    for number, (row, figures) in enumerate(measured):
        out.extend(bar(axis, top + 18 + STEP * number, row, figures))
    return out, bottom + 60


def chart(measured, heading):
    """An SVG of all rows that have figures: [(Row, figures), …]."""
    out, top = [text(16, 22, 'Ratios of paired rounds: median, lowest to highest; | is the target', 'font-size="15"')], TOP
    for title, cost in PANELS:
        rows = [(row, figures) for row, figures in measured if (row.at_most is not None) == cost]
        if rows:
            drawn, top = panel(title, rows, top)
            out.extend(drawn)
    out.append(text(16, top - 16, heading, 'fill="#666"'))
    return '\n'.join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" font-family="sans-serif" font-size="12">',
                      f'<rect width="{WIDTH}" height="{top}" fill="white"/>', *out, '</svg>']) + '\n'
