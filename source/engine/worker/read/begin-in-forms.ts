import {areSameForms, decideForms} from '../../../analysis/forms/decide-forms.ts';
import type {ColumnEvidence} from '../../../analysis/forms/evidence.ts';
import {columnsWithForms, type Forms, plainForms} from '../../../analysis/forms/forms.ts';
import {withForms} from '../../../analysis/forms/with-forms.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelOutcome} from '../../../kernel/outcomes.ts';
import type {KernelSpec} from '../../../kernel/spec.ts';
import type {ReadSettings} from '../../shared/protocol.ts';

/** So much is looked at. */
const FIRST_BYTES = 32 * 1024;

export interface FormsBegun {
	/** In which forms the source is read. */
	readonly used: Forms;
	/** What the first records showed; `null` where they are to be read again. */
	readonly look: {readonly rows: number; readonly evidence: readonly ColumnEvidence[]} | null;
}

/**
Begins a source with its columns in the forms that the first records show, as far as they are in the kernel's input: most likely those of
the others, too. All cells decide in the end.

@param consume - Lets the kernel take the first records.
@param readsAll - Whether these records need not be read again where they were read in the right forms.
*/
export function beginInForms(
	kernel: Kernel,
	spec: KernelSpec,
	settings: Pick<ReadSettings, 'forms' | 'simulateIoMs'>,
	begin: (spec: KernelSpec) => void,
	consume: () => KernelOutcome,
	readsAll: boolean,
): FormsBegun {
	const {program} = spec;
	const {forms: known = plainForms, forcedForms = {}} = program;
	begin(spec);
	if (settings.forms?.found !== undefined || columnsWithForms(program).length === 0) return {used: known, look: null};
	const {input} = kernel;
	const {start, end} = input;
	input.end = Math.min(end, start + FIRST_BYTES);
	const outcome = consume();
	input.end = end;
	const evidence = kernel.formEvidence();
	const {forms} = decideForms(evidence, known, forcedForms);
	const areRight = areSameForms(forms, known);
	// Simulated waits are of all records.
	const staysBehind = readsAll && settings.simulateIoMs === 0;
	if (areRight && staysBehind && outcome === 'needs-more') return {used: forms, look: {rows: kernel.rows, evidence}};
	input.start = start;
	begin(areRight ? spec : {...spec, program: withForms(program, forms, program.forcedForms)});
	return {used: forms, look: null};
}

/** What cells show so far; a small source has been looked at as a whole. @param isWhole - See `Kernel.formEvidence`. */
export const evidenceSoFar = (kernel: Kernel, {look}: FormsBegun, isWhole: boolean): readonly ColumnEvidence[] =>
	isWhole && look?.rows === kernel.rows ? look.evidence : kernel.formEvidence(isWhole);
