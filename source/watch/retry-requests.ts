// Failed files that somebody wants to be tried again who is not the process that watches: each is a file in `.state/retries/` with the id of its
// claim, and in it the tag of the route that was chosen, because nobody else may work on files. The process that watches looks there at every poll, and the next one where none does. A request
// stays until its file has been worked on, so that nothing of it is lost when that process dies or gives the file back.
import {randomUUID} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {lstatIfThere} from '../engine/shared/lstat-if-there.ts';
import {openClaims} from '../ledger/claims-reader.ts';
import type {WatchedFile} from '../model/watched-folder.ts';
import {systemPath} from '../text/path-text.ts';
import {codeOf, messageOf} from '../text/system-error.ts';
import {placeInFailed} from './claim-home.ts';
import {isClaimId} from './claim-ids.ts';
import {claimedFile} from './folder-files.ts';
import type {WatchFolders} from './folders.ts';
import {isRetriable} from './retries.ts';
import type {WatchContext} from './watch-context.ts';

/**
Files that have failed and may be tried again, those that failed first at the front.

@throws {LedgerError} When the ledger cannot be read.
*/
export function findRetriable(folders: WatchFolders): readonly WatchedFile[] {
	const claims = openClaims(folders.ledger);
	try {
		return claims
			.list({statuses: ['failed', 'duplicate']})
			.filter(claim => claim.destination === 'failed' && lstatIfThere(placeInFailed(folders, claim))?.isFile())
			.map(claimedFile)
			.filter(({isRetriable}) => isRetriable)
			.reverse();
	} finally {
		claims.close();
	}
}

/**
Asks for each of these claims to be tried again; to ask twice does nothing.

@param route - The tag of the one that they begin with; `null`: the one that fits.
@throws {Error} When that cannot be written down.
*/
export async function requestRetries(
	{retries}: WatchFolders,
	claims: readonly string[],
	route: string | null = null,
): Promise<void> {
	await mkdir(systemPath(retries), {recursive: true, mode: 0o700});
	for (const claim of claims) {
		// It may be read at any moment, and be asked for by several.
		const temporary = join(retries, `${claim}.${randomUUID()}.tmp`);
		await writeFile(systemPath(temporary), route ?? '', {mode: 0o600});
		await rename(systemPath(temporary), systemPath(join(retries, claim)));
	}
}

export interface RequestOptions {
	/** See `requestRetries`. */
	readonly route: string | null;
	/** Nothing is asked for. */
	readonly isDryRun: boolean;
}

/** Asks for those of these claims that can be tried again. @returns Them. */
export async function requestRetriesOf(
	folders: WatchFolders,
	claims: readonly string[] | 'all-failed',
	{route, isDryRun}: RequestOptions,
	ask: WatchContext['ask'],
): Promise<readonly string[]> {
	const found = claims === 'all-failed' ? await ask({type: 'failed'}) : await retriableAmong(claims, ask);
	if (!isDryRun && found.length > 0) await requestRetries(folders, found, route);
	return found;
}

async function retriableAmong(claims: readonly string[], ask: WatchContext['ask']): Promise<readonly string[]> {
	const known = await Promise.all(claims.filter(isClaimId).map(id => ask({type: 'claim', id})));
	return known.flatMap(claim => (claim !== null && isRetriable(claim) ? [claim.id] : []));
}

/** What somebody has asked for. */
export interface RetryRequest {
	readonly claim: string;
	/** See `requestRetries`. */
	readonly route: string | null;
}

/** As the process that watches has them. */
export class RetryRequests {
	readonly #folder: string;
	readonly #onNotice: (notice: string) => void;
	/** What was told last of why the folder cannot be read. */
	#fault: string | null = null;
	/** Those that it knows of already. */
	readonly #known = new Set<string>();

	constructor({retries}: WatchFolders, onNotice: (notice: string) => void) {
		this.#folder = retries;
		this.#onNotice = onNotice;
	}

	/** What somebody has asked for since the last time. */
	async takeNew(): Promise<readonly RetryRequest[]> {
		const names = await readdir(systemPath(this.#folder)).catch((error: unknown) => {
			const fault = codeOf(error) === 'ENOENT' ? null : messageOf(error);
			if (fault !== null && fault !== this.#fault)
				this.#onNotice(`What is to be retried cannot be read: ${fault}. It is tried again.`);
			this.#fault = fault;
			return [];
		});
		const claims = names.map(String).filter(name => isClaimId(name) && !this.#known.has(name));
		const requests: RetryRequest[] = [];
		for (const claim of claims) {
			const route = await readFile(systemPath(join(this.#folder, claim)), 'utf8').catch(() => null);
			// One that cannot be read now is there at the next look.
			if (route === null) continue;
			this.#known.add(claim);
			requests.push({claim, route: route === '' ? null : route});
		}
		return requests;
	}

	/** It has been worked on, or cannot be tried again. */
	async settle(claim: string): Promise<void> {
		if (!this.#known.delete(claim)) return;
		await rm(systemPath(join(this.#folder, claim)), {force: true});
	}
}
