import {expect, test} from 'vitest';
import {otherOrigin} from '../../source/diagnosis/contrast.js';
import type {DoctorFinding} from '../../source/model/index.js';
import {doctorLines} from '../../source/rows/doctor.js';

test('requests that arrive from elsewhere are told apart by the command that shows each', () => {
	const from = (target: string) => ({
		fact: 'from host the same request arrives',
		source: otherOrigin,
		command: `dockhop flow ${target} --from host`,
		certainty: 'inferred' as const,
	});
	const finding: DoctorFinding = {
		id: 'dropped',
		severity: 'error',
		hop: 4,
		at: null,
		summary: 'dropped by filter DOCKER-USER rule 1',
		remedy: '',
		evidence: [from('web:80'), from('www:80')],
		requests: ['web:80 --from lan', 'www:80 --from lan'],
	};
	const lines = doctorLines({findings: [finding], notChecked: [], requests: 2});
	expect(lines.filter(line => line.startsWith('     but '))).toEqual([
		'     but from host the same request arrives: dockhop flow web:80 --from host',
		'     but from host the same request arrives: dockhop flow www:80 --from host',
	]);
});
