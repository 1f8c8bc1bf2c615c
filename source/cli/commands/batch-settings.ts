// The settings of a command that reads data, as the engine takes them: what is `null` here is left out there.
import type {BatchSettings} from '../../engine/batch.ts';
import type {RunSettings} from '../arguments/settings.ts';

export function batchSettingsOf(settings: RunSettings): BatchSettings {
	const {threads, analysis, where, maxErrors, userPattern, user, keyColumn, map, encoding, ...rest} = settings;
	return {
		...rest,
		threads: threads ?? undefined,
		analysis: analysis ?? undefined,
		where: where ?? undefined,
		maxErrors: maxErrors ?? undefined,
		userPattern: userPattern ?? undefined,
		user: user ?? undefined,
		keyColumn: keyColumn ?? undefined,
		map: map ?? undefined,
		encoding: encoding ?? undefined,
	};
}
