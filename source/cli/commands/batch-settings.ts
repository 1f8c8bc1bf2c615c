// The settings of a command that reads data, as the engine takes them: what is `null` here is left out there.
import type {BatchSettings} from '../../engine/batch.ts';
import type {RunSettings} from '../arguments/settings.ts';

export function batchSettingsOf(settings: RunSettings): BatchSettings {
	const {threads, analysis, where, maxErrors, userPattern, user, keyColumn, map, encoding, ...others} = settings;
	const {decimal, thousands, dateFormat, ...rest} = others;
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
		...dialectOf(settings),
		decimal: decimal ?? undefined,
		thousands: thousands ?? undefined,
		dateFormat: dateFormat ?? undefined,
	};
}

/** What is said of how files are written, as a batch takes it. */
const dialectOf = ({
	nullText,
	namedDialects,
	...settings
}: RunSettings): Pick<BatchSettings, 'dialect' | 'dialects'> => ({
	dialect: {
		delimiter: settings.delimiter ?? undefined,
		quote: settings.quote ?? undefined,
		escape: settings.escape ?? undefined,
		header: settings.header ?? undefined,
		skipLines: settings.skipLines ?? undefined,
		skipFooter: settings.skipFooter ?? undefined,
		comment: settings.comment ?? undefined,
		null: nullText ?? undefined,
	},
	dialects: Object.fromEntries(namedDialects.map(({pattern, settings: dialect}) => [pattern, dialect])),
});
