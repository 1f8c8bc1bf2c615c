// The id of an event: `<epoch>:<number>`. The epoch names the process that has sent it, or the log that several share, the number is its place in the log.
export interface EventId {
	/** `null`: of a time when ids were numbers alone. */
	readonly epoch: string | null;
	readonly number: number;
}

const ID = /^(?:([0-9a-f]{8}):)?(\d{1,15})$/;
/** What is no id is answered like that of an event that is gone. */
const UNKNOWN: EventId = {epoch: '', number: 0};

/** @returns `null`: none is given. */
export function readEventId(given: unknown): EventId | null {
	if (given === undefined || given === null) return null;
	const [match, epoch, number] = ID.exec(String(given)) ?? [];
	return match === undefined ? UNKNOWN : {epoch: epoch ?? null, number: Number(number)};
}
