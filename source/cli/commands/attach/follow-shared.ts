// A run with `--listen`, for the dashboard.
import {version} from '../../../engine/version.ts';
import {FollowError, followRun} from '../../../share/follow-run.ts';
import {safe} from '../../../text/safe.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import type {LiveRun} from './find-run.ts';
import type {FollowedRun} from './followed-run.ts';

/** @throws {EnvironmentError} */
export async function followShared({url, name}: LiveRun, onMessage: (message: string) => void): Promise<FollowedRun> {
	try {
		const {welcome, ...run} = await followRun({url, version, onMessage});
		return {...run, title: welcome.title, mayControl: welcome.mayControl, unavailable: []};
	} catch (error) {
		if (!(error instanceof FollowError)) throw error;
		throw new EnvironmentError(`${safe(name)} cannot be followed. ${safe(error.message)}.`);
	}
}
