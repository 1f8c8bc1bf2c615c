// How events name the claims that are worked on.
import type {RunEvent, RunFact} from '../model/events.ts';

interface ClaimAddress {
	readonly file: string;
	readonly jobId: number;
	readonly claim: string;
	readonly attempt: number;
}

export class ClaimAddresses {
	readonly #addresses = new Map<string, ClaimAddress>();

	/** What is on the disk now. */
	apply(facts: readonly RunFact[]): void {
		for (const fact of facts) {
			if (!('claim' in fact) || fact.claim === undefined || fact.jobId === undefined) continue;
			const {file, jobId, claim, attempt} = fact;
			if (fact.type === 'file-started') this.#addresses.set(claim, {file, jobId, claim, attempt});
			else if ('report' in fact) this.#addresses.delete(claim);
		}
	}

	/** How far the file of a claim is, as the event of the watched folder; `null`: it is no such event, or nobody is at the claim. */
	progressOf(claim: string, event: RunEvent): RunFact | null {
		const address = this.#addresses.get(claim);
		if (address === undefined || event.type !== 'file-progressed') return null;
		const {bytesRead, rows, rejectedRows, isPaused} = event;
		return {type: 'file-progressed', ...address, bytesRead, rows, rejectedRows, isPaused};
	}
}
