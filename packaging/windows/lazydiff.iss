; Inno Setup: iscc packaging\windows\lazydiff.iss, after build_packages.py --only frozen. Untested.
[Setup]
AppName=LazyDiff
AppVersion={#GetEnv("LAZYDIFF_VERSION")}
AppPublisher=The LazyDiff authors
DefaultDirName={autopf}\LazyDiff
DefaultGroupName=LazyDiff
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesInstallIn64BitMode=x64compatible
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=lazydiff-setup
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes

[Files]
Source: "..\..\dist\lazydiff\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\LazyDiff"; Filename: "{app}\lazydiff.exe"

[Registry]
Root: HKA; Subkey: "Software\Classes\.lazydiff"; ValueType: string; ValueData: "LazyDiff.Project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\LazyDiff.Project"; ValueType: string; ValueData: "LazyDiff project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\LazyDiff.Project\shell\open\command"; ValueType: string; ValueData: """{app}\lazydiff.exe"" ""%1"""

[InstallDelete]
; An update leaves no modules of the version before; settings, models and projects lie elsewhere.
Type: filesandordirs; Name: "{app}\_internal"
