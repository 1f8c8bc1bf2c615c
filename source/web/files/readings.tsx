// How a file is read, where somebody says what it leaves open.
import {type ReactNode, useId} from 'react';
import {T} from '../texts.ts';

/** Options of the task. */
export type Reading = Readonly<Partial<Record<keyof typeof READINGS, string>>>;
const {readings: READINGS} = T.file;

interface ReadingsProps {
	readonly reading: Reading;
	readonly onChange: (reading: Reading) => void;
}

export function Readings({reading, onChange}: ReadingsProps): ReactNode {
	const id = useId();
	return (
		<fieldset>
			<legend>{T.file.reading}</legend>
			<div className="mapping">
				{(Object.keys(READINGS) as (keyof typeof READINGS)[]).map(option => (
					<div key={option} className="field">
						<label htmlFor={`${id}-${option}`}>{READINGS[option].label}</label>
						<select
							id={`${id}-${option}`}
							value={reading[option] ?? ''}
							onChange={({target: {value}}) => {
								const {[option]: _, ...others} = reading;
								onChange(value === '' ? others : {...others, [option]: value});
							}}
						>
							<option value="">{T.file.asFound}</option>
							{Object.entries(READINGS[option].choices).map(([value, text]) => (
								<option key={value} value={value}>
									{text}
								</option>
							))}
						</select>
					</div>
				))}
			</div>
		</fieldset>
	);
}
