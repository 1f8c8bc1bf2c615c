import {ReportWriteError} from '../../report/report-write-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

/** Reports all outputs that could not be written, not only the first. */
export async function assertAllKept(attempts: readonly (Promise<unknown> | undefined)[]): Promise<void> {
	const results = await Promise.allSettled(attempts);
	const failures = results.filter(result => result.status === 'rejected').map(({reason}) => reason as unknown);
	const [first] = failures;
	if (first === undefined) return;
	if (failures.every(failure => failure instanceof ReportWriteError || failure instanceof EnvironmentError)) {
		throw new EnvironmentError(failures.map(({message}) => message).join('\n'));
	}
	throw first;
}
