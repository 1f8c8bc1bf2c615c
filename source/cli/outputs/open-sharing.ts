// `--listen`: lets others follow the run.
import {rmSync} from 'node:fs';
import {version} from '../../engine/version.ts';
import {type ShareOptions, type SharePlace, type Sharing, shareRun} from '../../share/share-run.ts';
import {safe} from '../../text/safe.ts';
import {codeOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {quoted} from '../arguments/usage-error.ts';

/** @throws {EnvironmentError} Where it cannot listen there. */
export async function openSharing(
	place: SharePlace,
	options: Pick<ShareOptions, 'mayControl' | 'title' | 'control'>,
): Promise<Sharing> {
	try {
		const sharing = await shareRun({...options, place, version});
		if (!('path' in place)) return sharing;
		return {
			...sharing,
			async close() {
				await sharing.close();
				rmSync(place.path, {force: true});
			},
		};
	} catch (error) {
		const code = codeOf(error);
		if (code === undefined) throw error;
		const reason = code === 'EADDRINUSE' ? 'something listens there already' : code;
		const shown = 'path' in place ? place.path : `${place.host}:${place.port}`;
		const advice = 'path' in place ? 'Try another path' : 'Try another port, or 0 for a free one';
		throw new EnvironmentError(`--listen ${quoted(safe(shown))} cannot be used: ${reason}. ${advice}.`);
	}
}
