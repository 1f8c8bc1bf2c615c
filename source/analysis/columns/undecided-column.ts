// A column whose cells are numbers, or dates, and read in several ways: it has no figures, and says why.
import type {Undecided} from '../forms/decide.ts';
import type {UndecidedColumn} from './column-state.ts';
import {type Columns, inOrder} from './columns.ts';

/** Says of columns of one source that they are undecided. @param read - Its columns are changed. */
export function tellUndecided<Figures extends {readonly columns?: Columns}>(
	read: Figures,
	undecided: readonly Undecided[],
): Figures {
	if (read.columns !== undefined && undecided.length > 0)
		for (const {index, state} of inOrder(read.columns)) {
			const found = undecided.find(({column}) => column === index);
			if (found !== undefined) state.undecided = columnOf(found);
		}
	return read;
}

const columnOf = ({kind, why, shown}: Undecided): UndecidedColumn => ({
	kind,
	why,
	shown: shown.map(({what, example: {cell}}) => ({what, cell})),
});
