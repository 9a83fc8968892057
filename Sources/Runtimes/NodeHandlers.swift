/// `/var/runtime/handlers.js`: from a handler's name to its function.
let nodeHandlers = #"""
    'use strict';

    const fs = require('fs');
    const path = require('path');
    const { runtimeError } = require('./log.js');

    const task = process.argv[2];
    const major = Number((/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV || '') || [])[1] || 0);
    const acceptsCallbacks = major < 24;
    const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

    function isModuleFolder(folder) {
      for (let at = folder; ; at = path.dirname(at)) {
        if (at.endsWith('/node_modules')) return false;
        try {
          return JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8')).type === 'module';
        } catch (error) {
          if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return false;
        }
        if (at === path.dirname(at)) return false;
      }
    }

    async function loadModule(root, name) {
      const base = path.resolve(task, root, name);
      const isFile = (file) => fs.existsSync(file) && fs.statSync(file).isFile();
      if (isFile(base)) return require(base);
      const asModule = isModuleFolder(path.dirname(base));
      const types = Number(process.versions.node.split('.')[0]) >= 24;
      for (const extension of ['.js', '.mjs', '.cjs', ...(types ? ['.ts', '.mts', '.cts'] : [])]) {
        if (!isFile(base + extension)) continue;
        const imported = extension[1] === 'm' || (extension[1] !== 'c' && asModule);
        if (!imported) return require(base + extension);
        require('./sdk/resolution.js').forImports(task);
        return await import(require('url').pathToFileURL(base + extension));
      }
      return require(require.resolve(name, { paths: [task, path.resolve(task, root)] }));
    }

    async function findHandler(name) {
      if (name.includes('..')) {
        throw runtimeError('MalformedHandlerName',
          `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
      }
      const last = path.basename(name);
      const root = name.substring(0, name.indexOf(last));
      const match = /^([^.]*)\.(.*)$/.exec(last);
      if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
      let found;
      try {
        found = await loadModule(root, match[1]);
      } catch (error) {
        if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error), error.stack);
        if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
          throw runtimeError('ImportModuleError', String(error));
        }
        throw error;
      }
      for (const key of match[2].split('.')) found = found && found[key];
      if (!found) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
      if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
      if (!acceptsCallbacks && found.length >= 3 && !found[STREAMING]) {
        throw runtimeError('CallbackHandlerDeprecated',
          'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to '
          + 'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see '
          + 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
      }
      return found;
    }

    Object.assign(exports, { findHandler, acceptsCallbacks, STREAMING });
    """#
