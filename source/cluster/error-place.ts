// Errors that are of the machine of a worker, not of the file: the run, which is elsewhere, may well have what is missing there.
import type {ErrorReport} from '../model/report.ts';
import type {ResultBody} from './messages.ts';

const OF_THIS_MACHINE: ReadonlySet<string> = new Set(['NO_CREDENTIALS', 'WRONG_CREDENTIALS', 'NO_ENCRYPTION_KEY']);

/** The same result, in which such errors say on which worker they are so. */
export function withPlace(result: ResultBody, worker: string): ResultBody {
	const placed = <Outcome extends {readonly type: string}>(outcome: Outcome): Outcome =>
		isOfThisMachine(outcome)
			? {...outcome, error: {...outcome.error, message: `On worker ${worker}: ${outcome.error.message}`}}
			: outcome;
	if (result.type === 'file') return {...result, outcome: placed(result.outcome)};
	if (result.type === 'span') return {...result, outcome: placed(result.outcome)};
	return {...result, replies: result.replies.map(reply => ({...reply, outcomes: reply.outcomes.map(placed)}))};
}

const isOfThisMachine = (outcome: {readonly type: string}): outcome is {type: 'failed'; error: ErrorReport} =>
	outcome.type === 'failed' && OF_THIS_MACHINE.has((outcome as {readonly error?: ErrorReport}).error?.code ?? '');
