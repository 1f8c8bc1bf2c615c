// Most runs have no --rejects, so what writes it is loaded on demand.
import type {RunSettings} from '../../arguments/settings.ts';
import type {OpenSpool} from './open-spool.ts';

/** `null` where nobody wants the rejected records. @throws {EnvironmentError} */
export async function startSpool({
	rejects,
	maxRejects,
	force,
}: Pick<RunSettings, 'rejects' | 'maxRejects' | 'force'>): Promise<OpenSpool | null> {
	if (rejects === null) return null;
	const {openSpool} = await import('./open-spool.ts');
	return openSpool(rejects, maxRejects, force);
}
