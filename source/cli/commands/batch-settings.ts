// The settings of a command that reads data.
import type {BatchSettings} from '../../engine/batch.ts';
import type {RunSettings} from '../arguments/settings.ts';

/** As the engine takes them: what is `null` here is left out there. */
export function batchSettingsOf(settings: RunSettings): BatchSettings {
	const {
		delimiter,
		quote,
		escape: escaping,
		header,
		skipLines,
		skipFooter,
		comment,
		nullText,
		namedDialects,
	} = settings;
	// What a run is read with may be kept, and these may be secrets.
	const {queue: _, queueSecret: __, queueSecretFile: ___, ...kept} = settings;
	return {
		...withoutNulls(kept),
		dialect: withoutNulls({
			...{delimiter, quote, escape: escaping, header, skipLines, skipFooter, comment},
			null: nullText,
		}),
		dialects: Object.fromEntries(namedDialects.map(({pattern, settings: dialect}) => [pattern, dialect])),
	};
}

const withoutNulls = <Settings extends object>(settings: Settings) =>
	Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)) as {
		readonly [Key in keyof Settings]?: Exclude<Settings[Key], null>;
	};

/** Without what configuration files may ask of a run: another command that reads data writes no files but its own. */
export const withoutOutputs = (settings: RunSettings): RunSettings => ({
	...settings,
	...{reports: [], exportFolder: null, record: null, ledger: null, logFile: null},
});
