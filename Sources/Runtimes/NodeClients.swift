/// `/var/runtime/sdk/clients.js`: the services as SDK v3 (`@aws-sdk/client-sqs`) presents them.
let nodeClients = #"""
    'use strict';

    const services = require('./services.js');
    const { send } = require('./transport.js');

    /** Error classes by service, so that `instanceof` works. */
    const errorClasses = new Map();

    function errorClass(service, name) {
      const key = `${service.name}.${name}`;
      if (!errorClasses.has(key)) {
        const base = name === `${service.name}ServiceException` ? Error : errorClass(service, `${service.name}ServiceException`);
        errorClasses.set(key, ({ [name]: class extends base {} })[name]);
      }
      return errorClasses.get(key);
    }

    function thrown(service, failure) {
      if (failure instanceof Error) return failure;
      const error = new (errorClass(service, failure.name))(failure.message);
      const { message, Message, __type, ...fields } = failure.fields;
      Object.assign(error, fields);
      error.name = failure.name;
      error.code = failure.legacyCode;
      error.$fault = failure.status >= 500 ? 'server' : 'client';
      error.$metadata = failure.metadata;
      error.$service = service.name;
      error.Code = failure.legacyCode;
      return error;
    }

    function client(service) {
      return class Client {
        constructor(config = {}) {
          this.config = { ...config, region: config.region ?? process.env.AWS_REGION };
          this.middlewareStack = { add() {}, addRelativeTo() {}, use() {}, remove() { return false; }, clone() { return this; } };
        }

        async call(operation, input) {
          try {
            const { output, metadata } = await send(service, operation, input, this.config);
            return { ...output, $metadata: metadata };
          } catch (failure) {
            throw thrown(service, failure);
          }
        }

        send(command, options, callback) {
          const done = typeof options === 'function' ? options : callback;
          const promise = command.resolveWith(this);
          if (!done) return promise;
          promise.then((output) => done(null, output), done);
          return undefined;
        }

        destroy() {}
      };
    }

    function command(name) {
      const operation = name;
      return class Command {
        constructor(input = {}) {
          this.input = input;
        }

        resolveWith(client) {
          return client.call(operation, this.input);
        }
      };
    }

    const camel = (name) => name[0].toLowerCase() + name.slice(1);
    const packages = new Map();

    function clientPackage(service) {
      const Client = client(service);
      Object.defineProperty(Client, 'name', { value: service.name + 'Client' });
      const Whole = ({ [service.name]: class extends Client {} })[service.name];
      const result = { [service.name + 'Client']: Client, [service.name]: Whole };
      for (const operation of service.operations) {
        const Command = command(operation);
        Object.defineProperty(Command, 'name', { value: operation + 'Command' });
        result[operation + 'Command'] = Command;
        Whole.prototype[camel(operation)] = function call(input, options, callback) {
          return this.send(new Command(input), options, callback);
        };
      }
      for (const name of [...service.errors, service.name + 'ServiceException']) result[name] = errorClass(service, name);
      return result;
    }

    /** The package of that name, or nothing if there is no stand-in for it. */
    exports.load = function load(name) {
      if (packages.has(name)) return packages.get(name);
      let result;
      if (name === 'aws-sdk') result = require('./legacy.js')();
      else if (name === '@aws-sdk/util-dynamodb') result = require('./attributes.js');
      else if (name === '@aws-sdk/lib-dynamodb') result = require('./documents.js')(exports.load('@aws-sdk/client-dynamodb'));
      else {
        const service = services.find((candidate) => '@aws-sdk/' + candidate.package === name);
        if (service) result = clientPackage(service);
      }
      packages.set(name, result);
      return result;
    };
    """#

/// `/var/runtime/sdk/attributes.js`: DynamoDB's attribute values and JavaScript's own, as `@aws-sdk/util-dynamodb`.
let nodeAttributes = #"""
    'use strict';

    const isBinary = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;

    function convertToAttr(value, options = {}) {
      if (value === undefined) {
        throw new Error('Pass options.removeUndefinedValues=true to remove undefined values from map/array/set.');
      }
      if (value === null) return { NULL: true };
      if (typeof value === 'boolean') return { BOOL: value };
      if (typeof value === 'bigint') return { N: value.toString() };
      if (typeof value === 'number') {
        if (!Number.isFinite(value)) throw new Error(`Special numeric value ${value} is not allowed`);
        if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
          throw new Error(`Number ${value} is greater than Number.MAX_SAFE_INTEGER. Use BigInt.`);
        }
        return { N: String(value) };
      }
      if (typeof value === 'string') return { S: value };
      if (isBinary(value)) return { B: value };
      if (value instanceof Set) {
        const list = [...value];
        if (list.length === 0) {
          if (options.convertEmptyValues) return { NULL: true };
          throw new Error('Pass a non-empty set, or options.convertEmptyValues=true.');
        }
        const first = list[0];
        if (typeof first === 'string') return { SS: list };
        if (typeof first === 'number' || typeof first === 'bigint') return { NS: list.map(String) };
        if (isBinary(first)) return { BS: list };
        throw new Error(`Only Number Set (NS), Binary Set (BS), String Set (SS) are allowed.`);
      }
      const kept = (element) => !(options.removeUndefinedValues && element === undefined) && typeof element !== 'function';
      if (Array.isArray(value)) return { L: value.filter(kept).map((element) => convertToAttr(element, options)) };
      if (value instanceof Map) return { M: attributes(Object.fromEntries(value), options) };
      if (typeof value === 'object' && (options.convertClassInstanceToMap || [Object.prototype, null].includes(Object.getPrototypeOf(value)))) {
        return { M: attributes(value, options) };
      }
      throw new Error(`Unsupported type passed: ${value}. Pass options.convertClassInstanceToMap=true to marshall typeof object as map attribute.`);
    }

    function attributes(value, options = {}) {
      const result = {};
      for (const name of Object.keys(value)) {
        if (typeof value[name] === 'function' || (options.removeUndefinedValues && value[name] === undefined)) continue;
        result[name] = convertToAttr(value[name], options);
      }
      return result;
    }

    function numberOf(text, options) {
      if (typeof options?.wrapNumbers === 'function') return options.wrapNumbers(text);
      if (options?.wrapNumbers) return { value: text };
      const number = Number(text);
      if (Math.abs(number) > Number.MAX_SAFE_INTEGER && Number.isFinite(number) && /^-?\d+$/.test(text)) return BigInt(text);
      return number;
    }

    function convertToNative(attribute, options) {
      const [kind] = Object.keys(attribute);
      const value = attribute[kind];
      switch (kind) {
        case 'NULL': return null;
        case 'BOOL': case 'S': case 'B': return value;
        case 'N': return numberOf(value, options);
        case 'SS': case 'BS': return new Set(value);
        case 'NS': return new Set(value.map((text) => numberOf(text, options)));
        case 'L': return value.map((element) => convertToNative(element, options));
        case 'M': return unmarshall(value, options);
        default: throw new Error(`Unsupported type passed: ${kind}`);
      }
    }

    function marshall(value, options) {
      const plain = value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Set) && !isBinary(value);
      return plain ? attributes(value, options) : convertToAttr(value, options);
    }

    function unmarshall(value, options) {
      return Object.fromEntries(Object.keys(value).map((name) => [name, convertToNative(value[name], options)]));
    }

    module.exports = { marshall, unmarshall, convertToAttr, convertToNative };
    """#

/// `/var/runtime/sdk/documents.js`: items as plain objects, as `@aws-sdk/lib-dynamodb` and v2's `DocumentClient` give them.
let nodeDocuments = #"""
    'use strict';

    const { marshall, unmarshall, convertToAttr } = require('./attributes.js');

    /** Members that hold an item or a key, and members that hold lists of them by table. */
    const ITEMS = new Set(['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey', 'Attributes', 'LastEvaluatedKey']);

    function input(value, options) {
      if (Array.isArray(value)) return value.map((element) => input(element, options));
      if (!value || typeof value !== 'object') return value;
      const result = {};
      for (const name of Object.keys(value)) {
        const member = value[name];
        if (ITEMS.has(name) && member && typeof member === 'object') result[name] = marshall(member, options);
        else if (name === 'Keys' && Array.isArray(member)) result[name] = member.map((key) => marshall(key, options));
        else if ((name === 'KeyConditions' || name === 'QueryFilter' || name === 'ScanFilter' || name === 'Expected') && member) {
          result[name] = Object.fromEntries(Object.entries(member).map(([key, condition]) => [key, {
            ...condition,
            ...(condition.AttributeValueList && { AttributeValueList: condition.AttributeValueList.map((v) => convertToAttr(v, options)) }),
            ...('Value' in condition && { Value: convertToAttr(condition.Value, options) }),
          }]));
        } else result[name] = input(member, options);
      }
      return result;
    }

    function output(value) {
      if (Array.isArray(value)) return value.map(output);
      if (!value || typeof value !== 'object' || value instanceof Date) return value;
      const result = {};
      for (const name of Object.keys(value)) {
        const member = value[name];
        if (ITEMS.has(name) && member) result[name] = unmarshall(member);
        else if (name === 'Items' && Array.isArray(member)) result[name] = member.map((item) => unmarshall(item));
        else if (name === 'Responses' && member && !Array.isArray(member)) {
          result[name] = Object.fromEntries(
            Object.entries(member).map(([table, items]) => [table, items.map((item) => unmarshall(item))]));
        } else if (name === 'UnprocessedKeys' && member) {
          result[name] = Object.fromEntries(Object.entries(member).map(
            ([table, request]) => [table, { ...request, Keys: request.Keys.map((key) => unmarshall(key)) }]));
        } else result[name] = output(member);
      }
      return result;
    }

    const OPERATIONS = {
      Get: 'GetItem', Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', Query: 'Query', Scan: 'Scan',
      BatchGet: 'BatchGetItem', BatchWrite: 'BatchWriteItem', TransactGet: 'TransactGetItems', TransactWrite: 'TransactWriteItems',
    };

    module.exports = function documents({ DynamoDBClient }) {
      class DynamoDBDocumentClient extends DynamoDBClient {
        static from(client, translation = {}) {
          const document = new DynamoDBDocumentClient(client.config);
          document.marshallOptions = { convertClassInstanceToMap: true, ...translation.marshallOptions };
          return document;
        }
      }
      class DynamoDBDocument extends DynamoDBDocumentClient {
        static from(client, translation = {}) {
          return Object.setPrototypeOf(DynamoDBDocumentClient.from(client, translation), DynamoDBDocument.prototype);
        }
      }
      const result = { DynamoDBDocumentClient, DynamoDBDocument };
      for (const [name, operation] of Object.entries(OPERATIONS)) {
        const Command = ({ [name + 'Command']: class {
          constructor(parameters = {}) {
            this.input = parameters;
          }

          async resolveWith(client) {
            const { $metadata, ...fields } = await client.call(operation, input(this.input, client.marshallOptions));
            return { ...output(fields), $metadata };
          }
        } })[name + 'Command'];
        result[name + 'Command'] = Command;
        DynamoDBDocument.prototype[name[0].toLowerCase() + name.slice(1)] = function call(parameters, options, callback) {
          return this.send(new Command(parameters), options, callback);
        };
      }
      return result;
    };
    module.exports.translate = { input, output };
    """#
