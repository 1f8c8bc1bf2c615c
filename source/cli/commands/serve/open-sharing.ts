// What a server shares its accounts and tasks by, as the flags have it.
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {SharingOptions} from '../../../server/options.ts';
import {safe} from '../../../text/safe.ts';
import {findPercentFault, parsePostgresAddress, type SecretAddress} from '../../../text/secret-address.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {MetadataFlags, SharingFlags} from '../../arguments/read-sharing-flags.ts';

/** @throws {EnvironmentError} */
export async function readSharing(flags: SharingFlags | null): Promise<SharingOptions | null> {
	if (flags === null) return null;
	return {address: await readMetadataAddress(flags), filesFolder: resolve(flags.sharedFiles)};
}

/** @throws {EnvironmentError} */
export async function readMetadataAddress({metadata, metadataFile}: MetadataFlags): Promise<SecretAddress> {
	const text = metadataFile === null ? (metadata ?? '') : await readAddressFile(metadataFile);
	const address = parsePostgresAddress(text);
	if (address === null)
		throw new EnvironmentError(
			`${metadataFile === null ? '--metadata' : `The file ${safe(metadataFile)}`} has no address of PostgreSQL: ${findPercentFault(text) ?? 'expected one like postgres://name:password@host/database'}.`,
		);
	if (!address.isGuarded)
		throw new EnvironmentError(
			`The database at ${safe(address.shown)} is on another machine, and anybody on the way could read what accounts are known by: add ?sslmode=verify-full to its address; or ?sslmode=disable where nobody else is on that network.`,
		);
	const {url, shown} = address;
	return {url, shown};
}

async function readAddressFile(path: string): Promise<string> {
	try {
		return (await readFile(path, 'utf8')).trim();
	} catch (error) {
		throw new EnvironmentError(`The address of the database cannot be read from ${safe(path)}`, error);
	}
}
