// A run as the command follows it: it may continue after its end, when a person retries files, and the report of each end
// replaces the saved one.
import type {Run} from '../../engine/run/run-options.ts';
import type {Report} from '../../model/report.ts';
import type {RunControl} from '../../model/run-control.ts';

export interface FollowedRun {
	readonly control: RunControl;
	/** The report of the latest end, once the run is over; rejects when its events could not be handled to that end. */
	readonly finalReport: () => Promise<Report>;
	/** Settles when the report of the latest end is saved; rejects where it cannot be saved. */
	readonly saved: () => Promise<void>;
	/** Rejects as soon as `finalReport` rejects, for any end. */
	readonly failure: Promise<never>;
}

/**
@param report - Returns the report of a run that is over.
@param kept - Resolves when all that the report says is kept, where it is to be kept before anyone is told.
@param save - Calls never overlap.
*/
export function followRun(
	run: Run,
	report: () => Report,
	kept: () => Promise<void>,
	save: (report: Report) => Promise<void>,
): FollowedRun {
	const {promise: failure, reject: rejectFailure} = Promise.withResolvers<never>();
	failure.catch(() => {});
	let finalReport: Promise<Report>;
	let saved: Promise<void> = Promise.resolve();
	let ending: Promise<void>;

	const waitForEnd = async (): Promise<Report> => {
		for (;;) {
			const current = run.whenOver();
			await current;
			await kept();
			// The threads end after the run does, and a person may have retried files meanwhile.
			if (run.whenOver() === current) return report();
		}
	};
	const follow = (): void => {
		ending = run.whenOver();
		finalReport = waitForEnd();
		finalReport.catch(rejectFailure);
		// Saving does not wait until a person leaves the screen, and a failure ends nothing early: those who await `saved`
		// receive it.
		saved = Promise.all([finalReport, saved.catch(() => {})]).then(([ended]) => save(ended));
		saved.catch(() => {});
	};
	follow();
	return {
		control: {
			...run,
			perform(command) {
				const result = run.perform(command);
				// A command may have opened the run again after its end.
				if (run.whenOver() !== ending) follow();
				return result;
			},
		},
		finalReport: () => finalReport,
		saved: () => saved,
		failure,
	};
}
