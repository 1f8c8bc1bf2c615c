// What lies in a folder, a page after the other: however much it is, no more than a page of it need be in the memory.
import type {SftpEntry} from './tree.ts';

export interface SftpListing {
	/** @returns None: that was all. Called for one page after the other. */
	readonly next: (count: number) => Promise<readonly SftpEntry[]>;
	readonly close: () => void;
}

/** Of entries that are there anyway. */
export function listingOf(entries: Iterable<SftpEntry>): SftpListing {
	const left = entries[Symbol.iterator]();
	return {
		async next(count) {
			const page: SftpEntry[] = [];
			while (page.length < count) {
				const {done, value} = left.next();
				if (done === true) break;
				page.push(value);
			}
			return page;
		},
		close() {},
	};
}
