// A screen of the headless terminal as an SVG: what the README shows is what the program paints. Blocks and lines are
// drawn as shapes, for fonts leave gaps between them; all else is text, each run as wide as its cells.
import type {DrawnCell} from '../helpers/virtual-terminal.ts';

export interface Surroundings {
	readonly background: string;
	readonly foreground: string;
	readonly border: string;
	/** The terminal's own 16 colours, as far as a theme uses them. */
	readonly ansi: Readonly<Record<number, string>>;
}

export const DARK: Surroundings = {
	background: '#0d1117',
	foreground: '#d1d7e0',
	border: '#3d444d',
	ansi: {1: '#ff7b72', 2: '#56d364', 3: '#e3b341', 5: '#d2a8ff', 6: '#56d4dd'},
};

export const LIGHT: Surroundings = {
	background: '#ffffff',
	foreground: '#1f2328',
	border: '#d1d9e0',
	ansi: {1: '#c01818', 2: '#1a7a1a', 3: '#875f00', 5: '#8250df', 6: '#00767a'},
};

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const PADDING = 14;
const FONT = "ui-monospace, SFMono-Regular, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

export function screenToSvg(lines: readonly (readonly DrawnCell[])[], title: string, look: Surroundings): string {
	const columns = lines[0]?.length ?? 0;
	const width = round(columns * CELL_WIDTH + 2 * PADDING);
	const height = lines.length * CELL_HEIGHT + 2 * PADDING;
	const shapes = lines.flatMap((cells, row) => runsOf(cells).flatMap(run => drawRun(run, row, look)));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
		`<title>${escapeXml(title)}</title>`,
		`<rect x="0.5" y="0.5" width="${round(width - 1)}" height="${height - 1}" rx="8" fill="${look.background}" stroke="${look.border}"/>`,
		`<g font-family="${FONT}" font-size="14" style="white-space:pre" xml:space="preserve">`,
		...shapes,
		'</g>',
		'</svg>',
		'',
	].join('\n');
}

interface Run {
	readonly column: number;
	readonly cells: readonly DrawnCell[];
}

const lookOf = ({color, isBold, isDim, isInverse, isUnderlined}: DrawnCell): string =>
	[color, isBold, isDim, isInverse, isUnderlined].join();
const isShape = (text: string): boolean => /^[█▁-▇▉-▏░─]$/.test(text);

/** Cells next to each other that look alike and are all text or all the same shape. */
function runsOf(cells: readonly DrawnCell[]): Run[] {
	const runs: {column: number; cells: DrawnCell[]}[] = [];
	for (const [column, cell] of cells.entries()) {
		const run = runs.at(-1);
		const last = run?.cells.at(-1);
		const isAlike =
			last !== undefined &&
			lookOf(last) === lookOf(cell) &&
			(isShape(cell.text) || isShape(last.text) ? cell.text === last.text : true);
		if (run !== undefined && isAlike) run.cells.push(cell);
		else runs.push({column, cells: [cell]});
	}
	return runs;
}

function drawRun({column, cells}: Run, row: number, look: Surroundings): string[] {
	const [first] = cells;
	if (first === undefined) return [];
	const x = PADDING + column * CELL_WIDTH;
	const y = PADDING + row * CELL_HEIGHT;
	const width = cells.length * CELL_WIDTH;
	const text = cells.map(cell => cell.text).join('');
	const own = colorOf(first.color, look);
	const color = first.isInverse ? look.background : own;
	const opacity = first.isDim ? ' opacity="0.6"' : '';
	const shapes = first.isInverse ? [rect(x, y, width, CELL_HEIGHT, own, '')] : [];
	if (isShape(first.text)) return [...shapes, drawShape(first.text, x, y, width, color, opacity)];
	if (text.trim() === '') return shapes;
	const start = text.length - text.trimStart().length;
	const shown = text.trim();
	const weight = first.isBold ? ' font-weight="700"' : '';
	const line = first.isUnderlined ? ' text-decoration="underline"' : '';
	const place = `x="${round(x + start * CELL_WIDTH)}" y="${y + 13.5}"`;
	const size = `textLength="${round(shown.length * CELL_WIDTH)}" lengthAdjust="spacingAndGlyphs"`;
	return [...shapes, `<text ${place} ${size} fill="${color}"${weight}${line}${opacity}>${escapeXml(shown)}</text>`];
}

function drawShape(shape: string, x: number, y: number, width: number, color: string, opacity: string): string {
	if (shape === '─') return rect(x, y + CELL_HEIGHT / 2, width, 1, color, opacity);
	if (shape === '░') return rect(x, y, width, CELL_HEIGHT, color, ' opacity="0.18"');
	const fromLeft = '▉▊▋▌▍▎▏'.indexOf(shape);
	if (fromLeft >= 0) return rect(x, y, (CELL_WIDTH * (7 - fromLeft)) / 8, CELL_HEIGHT, color, opacity);
	const eighths = '▁▂▃▄▅▆▇'.indexOf(shape) + 1;
	if (eighths > 0) {
		const height = (CELL_HEIGHT * eighths) / 8;
		return rect(x, y + CELL_HEIGHT - height, width, height, color, opacity);
	}
	return rect(x, y, width, CELL_HEIGHT, color, opacity);
}

const rect = (x: number, y: number, width: number, height: number, color: string, opacity: string): string =>
	`<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${color}"${opacity}/>`;

const colorOf = (color: string, look: Surroundings): string => {
	if (color.startsWith('#')) return color;
	return color.startsWith('ansi:') ? (look.ansi[Number(color.slice(5))] ?? look.foreground) : look.foreground;
};

const round = (value: number): number => Math.round(value * 100) / 100;
const escapeXml = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
