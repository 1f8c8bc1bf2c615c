// How the screen is divided. The parts always add up to the terminal's height: a taller frame makes Ink clear and repaint
// everything.

export const MINIMUM_COLUMNS = 40;
export const MINIMUM_ROWS = 10;

export type WidthClass = 'wide' | 'normal' | 'compact';

export interface Layout {
	readonly columns: number;
	readonly rows: number;
	readonly width: WidthClass;
	/** Rules above and below the body; small screens use these rows for files. */
	readonly hasRules: boolean;
	/** Rows between header and footer. */
	readonly bodyRows: number;
}

const HEADER_ROWS = 3;
const FOOTER_ROWS = 1;

/** @returns `undefined` where the terminal is too small for a dashboard. */
export function computeLayout(columns: number, rows: number): Layout | undefined {
	if (columns < MINIMUM_COLUMNS || rows < MINIMUM_ROWS) return undefined;
	const width = columns >= 120 ? 'wide' : columns >= 80 ? 'normal' : 'compact';
	const hasRules = rows >= 16;
	return {columns, rows, width, hasRules, bodyRows: rows - HEADER_ROWS - FOOTER_ROWS - (hasRules ? 2 : 0)};
}

/** Rows of the list for files, without its heading and the line that counts hidden files. */
export const listRows = (bodyRows: number, fileCount: number): number =>
	Math.max(1, fileCount > bodyRows - 1 ? bodyRows - 2 : bodyRows - 1);

/** From this height on, two rows show a rule and the figures of the run under the list. */
export const FIGURES_ROWS = 2;
const FIGURES_FROM_ROWS = 30;

export const hasRoomForFigures = ({width, rows}: Layout): boolean => width === 'wide' && rows >= FIGURES_FROM_ROWS;
