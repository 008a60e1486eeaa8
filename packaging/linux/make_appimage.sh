#!/bin/sh
# After build_packages.py --only frozen: dist/LazyDiff.AppImage, by appimagetool. Untested.
set -eu
cd "$(dirname "$0")/../.."
tree=build/LazyDiff.AppDir
rm -rf "$tree"
mkdir -p "$tree/usr/share/metainfo"
cp -R dist/lazydiff "$tree/usr/lazydiff"
cp packaging/linux/lazydiff.desktop resources/icons/lazydiff.svg "$tree/"
cp packaging/linux/org.lazydiff.LazyDiff.metainfo.xml "$tree/usr/share/metainfo/"
printf '#!/bin/sh\nexec "$APPDIR/usr/lazydiff/lazydiff" "$@"\n' > "$tree/AppRun"
chmod +x "$tree/AppRun"
appimagetool "$tree" dist/LazyDiff.AppImage
