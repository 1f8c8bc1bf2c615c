// Programs with the forms in which their columns are read.
import type {Program} from '../program.ts';
import type {ForcedForms} from './decide.ts';
import {areSameForms, type Decided, decideForms} from './decide-forms.ts';
import type {ColumnEvidence} from './evidence.ts';
import {columnsWithForms, type Forms, plainForms} from './forms.ts';

/** How the columns of a source are to be read, as far as that is known before it is read. */
export interface FormSettings {
	readonly forced?: ForcedForms | undefined;
	/** What an earlier reading of the same source found. */
	readonly found?: Decided | undefined;
}

/** In which forms the columns of a source were read, and what their cells show of them. */
export interface FormsRead {
	readonly used: Forms;
	readonly evidence: readonly ColumnEvidence[];
	/** Of the columns of the source. */
	readonly names: readonly string[];
}

/** What a reading of all of a source has found of its forms. */
export interface FormsFound extends Decided {
	/** Whether it was read in the right ones. */
	readonly areRight: boolean;
}

/** @param before - What an earlier reading has found. */
export function findForms(
	{used, evidence}: Omit<FormsRead, 'names'>,
	forced: ForcedForms = {},
	before?: Decided,
): FormsFound {
	const decided = decideForms(evidence, used, forced, before?.undecidedCells);
	return {...decided, areRight: decided.undecided.length === 0 && areSameForms(decided.forms, used)};
}

/** The same program, in these forms. */
export function withForms(program: Program, forms: Forms, forced?: ForcedForms): Program {
	const {forms: _, forcedForms: __, ...plain} = program;
	return {...plain, ...(forms.size > 0 && {forms}), ...(forced !== undefined && {forcedForms: forced})};
}

/** The same program, in the forms that are known; by default in the plain ones. */
export function withKnownForms(program: Program, {forced, found}: FormSettings): Program {
	if (found !== undefined) return withForms(program, found.forms, forced);
	return forced === undefined ? program : withForms(program, formsOfNothing(program, forced), forced);
}

/** What is said of columns whose cells nobody has seen. */
function formsOfNothing(program: Program, forced: ForcedForms): Forms {
	const nothing = columnsWithForms(program).map(({column, kind}) => ({column, kind, records: 0, shown: {}}));
	return decideForms(nothing, plainForms, forced).forms;
}
