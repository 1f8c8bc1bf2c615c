import {areSameForms, decideForms} from '../../../analysis/forms/decide-forms.ts';
import {columnsWithForms, type Forms, plainForms} from '../../../analysis/forms/forms.ts';
import {withForms} from '../../../analysis/forms/with-forms.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelSpec} from '../../../kernel/spec.ts';
import type {ReadSettings} from '../../shared/protocol.ts';

/** So much is looked at. */
const FIRST_BYTES = 32 * 1024;

/**
Begins a source with its columns in the forms that the first records show, as far as they are in the kernel's input: most likely those of
the others, too. All cells decide in the end.

@returns In which forms it is read.
*/
export function beginInForms(
	kernel: Kernel,
	spec: KernelSpec,
	settings: Pick<ReadSettings, 'forms'>,
	begin: (spec: KernelSpec) => void,
): Forms {
	const {program} = spec;
	const {forms: known = plainForms, forcedForms = {}} = program;
	begin(spec);
	if (settings.forms?.found !== undefined || columnsWithForms(program).length === 0) return known;
	const {input} = kernel;
	const {start, end} = input;
	input.end = Math.min(end, start + FIRST_BYTES);
	kernel.consume(false);
	input.start = start;
	input.end = end;
	const {forms} = decideForms(kernel.formEvidence(), known, forcedForms);
	begin(areSameForms(forms, known) ? spec : {...spec, program: withForms(program, forms, program.forcedForms)});
	return forms;
}
