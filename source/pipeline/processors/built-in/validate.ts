// `validate`: its settings. The work is done in a thread, see worker/validate.ts.
import type {BuiltIn} from '../built-in.ts';
import {threadProcessor} from '../pool/thread-processor.ts';
import {validateSettings} from '../rules.ts';
import {readSettings} from '../settings-reader.ts';
import {timeoutOf} from '../timeout.ts';

const described = {name: 'validate', version: 1, isStateful: false} as const;

export const validate: BuiltIn = {
	...described,
	check: settings => readSettings(validateSettings, settings).faults,
	open: (settings, surroundings) =>
		threadProcessor(
			{kind: 'built-in', name: 'validate'},
			described,
			settings,
			surroundings,
			timeoutOf(settings, surroundings),
		),
};
