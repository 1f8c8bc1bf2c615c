// The forms of all columns of a source, each decided of what its cells show.
import {type Decision, decideForm, type ForcedForms, type KindEvidence, type Undecided} from './decide.ts';
import {decideCells} from './decide-cells.ts';
import type {ColumnEvidence} from './evidence.ts';
import type {ColumnForm, Forms} from './forms.ts';

export interface Decided {
	readonly forms: Forms;
	/** Of columns that an analysis needs numbers or dates of. */
	readonly undecided: readonly Undecided[];
	/** Of columns that are read whatever they hold. */
	readonly undecidedCells: readonly Undecided[];
}

/**
Of all columns of a source. A column that is undecided is in the plain form.

@param known - Columns of cells that an earlier reading has found undecided: they stay it.
*/
export function decideForms(
	all: readonly ColumnEvidence[],
	used: Forms,
	forced: ForcedForms,
	known: readonly Undecided[] = [],
): Decided {
	const forms = new Map<number, ColumnForm>();
	const undecided: Undecided[] = [];
	const undecidedCells: Undecided[] = [];
	for (const evidence of all) {
		const {column, kind} = evidence;
		const isOfCells = kind === 'cells';
		const before = isOfCells ? known.find(one => one.column === column) : undefined;
		const decision = before === undefined ? decide(evidence, used.get(column) ?? {}, forced) : {undecided: before};
		if ('undecided' in decision) (isOfCells ? undecidedCells : undecided).push(decision.undecided);
		else if (!isPlain(decision.form)) forms.set(column, {...forms.get(column), ...decision.form});
	}
	return {forms, undecided, undecidedCells};
}

const decide = (evidence: ColumnEvidence, used: ColumnForm, forced: ForcedForms): Decision =>
	isOfKind(evidence) ? decideForm(evidence, used, forced) : decideCells(evidence, used, forced);
const isOfKind = (evidence: ColumnEvidence): evidence is KindEvidence => evidence.kind !== 'cells';

const isPlain = ({number, date, cells}: ColumnForm): boolean =>
	cells === undefined &&
	(date === undefined || date === 'year-first') &&
	(number === undefined || (number.mark === '.' && !number.isPercent && number.group === undefined));

/** Whether each column is read in the same form. */
export function areSameForms(one: Forms, other: Forms): boolean {
	if (one.size !== other.size) return false;
	return [...one].every(([column, form]) => JSON.stringify(form) === JSON.stringify(other.get(column)));
}
