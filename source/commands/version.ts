import packageJson from '../../package.json' with {type: 'json'};

/** dockhop's own version. */
export const {version} = packageJson;
