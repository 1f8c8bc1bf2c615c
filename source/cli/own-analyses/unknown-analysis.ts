import {findFlag} from '../arguments/flags.ts';
import {describeExpectation} from '../arguments/read-value.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';

/**
@param label - Where the name was given: `--analysis`.
@param own - Names of analyses that are not built in.
*/
export function unknownAnalysis(name: string, label: string, own: readonly string[] = []): UsageError {
	const flag = findFlag('analysis');
	if (flag?.type !== 'string') throw new Error('Expected a flag for the analysis');
	const choices = [...(flag.choices ?? []), ...own];
	return new UsageError(`${describeExpectation({...flag, choices}, label)}, but got ${quoted(name)}.`);
}
