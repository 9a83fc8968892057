/// `/var/runtime/sdk/resolution.js`: where the AWS SDK is found when the function's code and layers bring none.
///
/// AWS's Node.js runtimes carry SDK v3, and older ones v2; hosts do not. The stand-in is the last resort: what the
/// function can resolve by itself is never replaced.
let nodeResolution = #"""
    'use strict';

    const fs = require('fs');
    const Module = require('module');
    const path = require('path');

    const SDK = /^(aws-sdk(\/.*)?|@aws-sdk\/[\w-]+)$/;
    let installed = false;

    /** `aws-sdk/clients/sqs` is a single service. */
    function load(name) {
      const clients = require('./clients.js');
      const single = /^aws-sdk\/clients\/(\w+)$/.exec(name);
      if (!single) return clients.load(name);
      const AWS = clients.load('aws-sdk');
      const key = Object.keys(AWS).find((candidate) => candidate.toLowerCase() === single[1]);
      return key && AWS[key];
    }

    exports.load = load;

    exports.forRequires = () => {
      if (installed) return;
      installed = true;
      const resolve = Module._resolveFilename;
      Module._resolveFilename = function resolveFilename(request, ...rest) {
        try {
          return resolve.call(this, request, ...rest);
        } catch (error) {
          if (error.code !== 'MODULE_NOT_FOUND' || !SDK.test(request) || !load(request)) throw error;
          const file = path.join(__dirname, 'stand-in', request + '.js');
          if (!require.cache[file]) {
            const module = new Module(file);
            module.filename = file;
            module.loaded = true;
            module.exports = load(request);
            require.cache[file] = module;
          }
          return file;
        }
      };
    };

    /** Whether code below a folder may import the SDK. Packages may always. */
    function mentionsSDK(folder, budget) {
      for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        if (entry.name === 'node_modules' || (budget.files -= 1) < 0) return true;
        const file = path.join(folder, entry.name);
        if (entry.isDirectory() && mentionsSDK(file, budget)) return true;
        if (/\.[cm]?[jt]s$/.test(entry.name) && fs.readFileSync(file, 'latin1').includes('aws-sdk')) return true;
      }
      return false;
    }

    exports.forImports = (task) => {
      if (Module.registerHooks) {
        Module.registerHooks(require('./imports.js').sync);
      } else if (Module.register && mentionsSDK(task, { files: 200 })) {
        // These hooks start a thread, which takes as long as all the rest: only for code that may need them.
        const { pathToFileURL } = require('url');
        Module.register(pathToFileURL(path.join(__dirname, 'imports.mjs')));
      }
    };
    """#

/// `/var/runtime/sdk/imports.js` and `imports.mjs`: the same for `import`. A stand-in module is made as text that names its
/// exports, because an import wants to know them before anything runs.
let nodeImports = #"""
    'use strict';

    const path = require('path');

    const SCHEME = 'aws-sdk-stand-in:';
    const SDK = /^(aws-sdk(\/.*)?|@aws-sdk\/[\w-]+)$/;
    const resolution = path.join(__dirname, 'resolution.js');

    function source(name) {
      const names = Object.keys(require(resolution).load(name)).filter((key) => /^[A-Za-z_$][\w$]*$/.test(key));
      return [
        "import { createRequire } from 'module';",
        `const whole = createRequire(${JSON.stringify(resolution)})(${JSON.stringify(resolution)}).load(${JSON.stringify(name)});`,
        'export default whole;',
        ...names.filter((key) => key !== 'default').map((key) => `const _${key} = whole.${key}; export { _${key} as ${key} };`),
      ].join('\n');
    }

    const missing = (error, specifier) => (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')
      && SDK.test(specifier) && require(resolution).load(specifier);
    const found = (specifier) => ({ url: SCHEME + specifier, shortCircuit: true });
    const loaded = (url) => ({ format: 'module', source: source(url.slice(SCHEME.length)), shortCircuit: true });

    exports.sync = {
      resolve(specifier, context, next) {
        try {
          return next(specifier, context);
        } catch (error) {
          if (!missing(error, specifier)) throw error;
          return found(specifier);
        }
      },
      load: (url, context, next) => (url.startsWith(SCHEME) ? loaded(url) : next(url, context)),
    };

    exports.later = {
      async resolve(specifier, context, next) {
        try {
          return await next(specifier, context);
        } catch (error) {
          if (!missing(error, specifier)) throw error;
          return found(specifier);
        }
      },
      load: async (url, context, next) => (url.startsWith(SCHEME) ? loaded(url) : next(url, context)),
    };
    """#

/// Node.js before 22.15 runs these hooks in a thread of their own and wants a module for it.
let nodeImportsModule = #"""
    import { createRequire } from 'module';

    export const { resolve, load } = createRequire(import.meta.url)('./imports.js').later;
    """#
