// `validate`: its settings. The work is done in another process, see worker/validate.ts.
import type {BuiltIn} from '../built-in.ts';
import {isolatedProcessor} from '../pool/isolated-processor.ts';
import {validateSettings} from '../rules.ts';
import {timeoutOf} from '../timeout.ts';

const described = {name: 'validate', version: 1, isStateful: false} as const;

export const validate: BuiltIn = {
	...described,
	settings: validateSettings,
	open: (settings, surroundings) =>
		isolatedProcessor(
			{kind: 'built-in', name: 'validate'},
			described,
			settings,
			surroundings,
			timeoutOf(settings, surroundings),
		),
};
