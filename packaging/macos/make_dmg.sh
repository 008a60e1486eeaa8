#!/bin/sh
# After build_packages.py --only frozen, on macOS: dist/LazyDiff.dmg. Untested; neither signed nor notarised.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
cp -R dist/LazyDiff.app "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname LazyDiff -srcfolder "$folder" -ov -format UDZO dist/LazyDiff.dmg
rm -r "$folder"
