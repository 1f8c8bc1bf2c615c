// `--listen`: lets others follow the run.
import {rmSync} from 'node:fs';
import {version} from '../../engine/version.ts';
import type {RunControl} from '../../model/run-control.ts';
import {type Sharing, shareRun} from '../../share/share-run.ts';
import {safe} from '../../text/safe.ts';
import {codeOf} from '../../text/system-error.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {readSharePlace} from '../arguments/share-place.ts';
import {quoted} from '../arguments/usage-error.ts';

/**
@param control - Of the run, once it has begun.
@throws {EnvironmentError} Where it cannot listen there.
*/
export async function openSharing(
	{listen, allowControl}: Pick<RunSettings, 'listen' | 'allowControl'>,
	paths: readonly string[],
	control: () => RunControl | null,
): Promise<Sharing> {
	const text = listen ?? '';
	const place = readSharePlace(text);
	try {
		const sharing = await shareRun({place, version, title: paths.join(' '), mayControl: allowControl, control});
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
		throw new EnvironmentError(
			`--listen ${quoted(safe(text))} cannot be used: ${reason}. Try another port, or 0 for a free one.`,
		);
	}
}
