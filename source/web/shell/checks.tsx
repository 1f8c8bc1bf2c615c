import type {ReactNode} from 'react';

interface ChecksProps<Name extends string> {
	readonly legend: string;
	/** Texts by their names. */
	readonly titles: Readonly<Record<Name, string>>;
	readonly names: readonly Name[];
	readonly chosen: readonly Name[];
	readonly onChange: (chosen: readonly Name[]) => void;
}

/** Any number of some names. */
export const Checks = <Name extends string>({
	legend,
	titles,
	names,
	chosen,
	onChange,
}: ChecksProps<Name>): ReactNode => (
	<fieldset>
		<legend>{legend}</legend>
		{names.map(name => (
			<label key={name} className="check">
				<input
					type="checkbox"
					checked={chosen.includes(name)}
					onChange={event => onChange(event.target.checked ? [...chosen, name] : chosen.filter(each => each !== name))}
				/>
				{titles[name]}
			</label>
		))}
	</fieldset>
);
