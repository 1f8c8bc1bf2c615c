// A run as the command follows it: it may go on after its end, because somebody has files tried again, and each end has a report that
// is saved in place of the one before.
import type {Run} from '../../engine/run/run-options.ts';
import type {Report} from '../../model/report.ts';
import type {RunControl} from '../../model/run-control.ts';

export interface FollowedRun {
	readonly control: RunControl;
	/** The report of the latest end, once the run is over; rejects when its events could not be handled to that end. */
	readonly outcome: () => Promise<Report>;
	/** Settles when the report of the latest end is saved; rejects where it cannot be. */
	readonly saved: () => Promise<void>;
	/** Rejects as soon as `outcome` does, for whichever end. */
	readonly broken: Promise<never>;
}

/**
@param report - The report of a run that is over.
@param save - Never called twice at a time.
*/
export function followRun(run: Run, report: () => Report, save: (report: Report) => Promise<void>): FollowedRun {
	const {promise: broken, reject: tellBroken} = Promise.withResolvers<never>();
	broken.catch(() => {});
	let outcome: Promise<Report>;
	let saved: Promise<void> = Promise.resolve();
	let ending: Promise<void>;

	const waitForEnd = async (): Promise<Report> => {
		for (;;) {
			const current = run.whenOver();
			await current;
			// Its threads end after the run does, and somebody may have had files tried again meanwhile.
			if (run.whenOver() === current) return report();
		}
	};
	const follow = (): void => {
		ending = run.whenOver();
		outcome = waitForEnd();
		outcome.catch(tellBroken);
		// Saving does not wait until a person has left the screen, and ends nothing early: a failure reaches those who await `saved`.
		saved = Promise.all([outcome, saved.catch(() => {})]).then(([ended]) => save(ended));
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
		outcome: () => outcome,
		saved: () => saved,
		broken,
	};
}
