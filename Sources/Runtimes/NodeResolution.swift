/// `/var/runtime/sdk/resolution.js`: where the AWS SDK is found when the function's code and layers bring none.
let nodeResolution = #"""
'use strict';

exports.forRequires = () => {};
exports.forImports = () => {};
"""#
