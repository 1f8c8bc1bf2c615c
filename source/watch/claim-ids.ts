// Names of claims. They sort by time, as `20261130-025308-4kq09xz1`: when the file was taken, in UTC, and a number that counts up within a
// second from a random beginning, so no two claims of a process have the same, and those of two processes hardly ever.
import {randomInt} from 'node:crypto';

const DIGITS = 8;
const BASE = 36;

export function createClaimIds(now = Date.now): () => string {
	let second = '';
	let number = 0;
	return () => {
		const [date = '', time = ''] = new Date(now()).toISOString().split(/[T.]/);
		const current = `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}`;
		if (current !== second) {
			second = current;
			// Room to count up: fewer than a hundred million files are taken in a second.
			number = randomInt(BASE ** DIGITS - 100_000_000);
		}
		return `${current}-${(number++).toString(BASE).padStart(DIGITS, '0')}`;
	};
}

const CLAIM = /^(\d{8}-\d{6}-[0-9a-z]{8})__/;

/** The claim that a file in `underprocess/` was taken by, as far as its name says; `null`: it is not one of ours. */
export const claimOfStoredName = (storedName: string): string | null => CLAIM.exec(storedName)?.[1] ?? null;

export const isClaimId = (text: string): boolean => claimOfStoredName(`${text}__`) === text;
