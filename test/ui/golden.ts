// Golden screens as text that can be reviewed: the characters as a picture, the styles as a list.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {DrawnCell} from '../helpers/virtual-terminal.ts';

const FOLDER = 'test/ui/golden';

/** `12-20 cyan bold`: the styles of the cells of a line, except for plain ones. */
function describeLine(cells: readonly DrawnCell[]): string {
	const looks = withoutGaps(cells.map(describeCell));
	const runs: string[] = [];
	let start = 0;
	for (let column = 1; column <= looks.length; column++) {
		if (looks[column] === looks[start]) continue;
		if (looks[start] !== '') runs.push(`${start + 1}-${column} ${looks[start]}`);
		start = column;
	}
	return runs.join(', ');
}

/** Blanks between words of the same style belong to them. */
function withoutGaps(looks: readonly string[]): string[] {
	const filled = [...looks];
	let last = -1;
	for (const [column, look] of looks.entries()) {
		if (look === '') continue;
		if (last >= 0 && looks[last] === look && column - last <= 3) filled.fill(look, last, column);
		last = column;
	}
	return filled;
}

const ANSI_NAMES = ['black', 'red', 'green', 'yellow', 'BLUE', 'magenta', 'cyan', 'white'];

function describeCell({text, color, isBold, isDim, isInverse, isUnderlined}: DrawnCell): string {
	// A blank has no visible colour.
	if (text === ' ' && !isInverse && !isUnderlined) return '';
	const number = color.startsWith('ansi:') ? Number(color.slice(5)) : -1;
	const bright = number >= 8 && number < 16 ? 'bright-' : '';
	const name = number >= 0 && number < 16 ? `${bright}${ANSI_NAMES[number % 8]}` : color === 'default' ? '' : color;
	const words = [
		name,
		isBold ? 'bold' : '',
		isDim ? 'dim' : '',
		isInverse ? 'inverse' : '',
		isUnderlined ? 'underlined' : '',
	];
	return words.filter(word => word !== '').join(' ');
}

/** The styles line by line; adjacent lines with equal styles are listed once. */
export function describeColors(lines: readonly (readonly DrawnCell[])[]): string {
	const described = lines.map(describeLine);
	const told: string[] = [];
	let start = 0;
	for (let row = 1; row <= described.length; row++) {
		if (described[row] === described[start]) continue;
		const rows = row - start === 1 ? `${start + 1}` : `${start + 1}-${row}`;
		if (described[start] !== '') told.push(`${rows.padStart(5)}  ${described[start]}`);
		start = row;
	}
	return told.join('\n');
}

/** Returns the golden text of a name; with `UPDATE_GOLDEN=1` it first becomes the given text. */
export function golden(name: string, text: string): string {
	const path = join(FOLDER, name);
	if (process.env.UPDATE_GOLDEN === '1') {
		mkdirSync(FOLDER, {recursive: true});
		writeFileSync(path, `${text}\n`);
	}
	return existsSync(path)
		? readFileSync(path, 'utf8').replace(/\n$/, '')
		: '(there is no golden text yet: UPDATE_GOLDEN=1)';
}
