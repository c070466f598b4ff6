# Sourced by packaging/build after build.sh: the disk image for Raspberry Pi 3, 4, 400, 5 and Compute Module 4.
# Partitions and root as in build.sh; the first partition has the Pi's firmware instead of a boot loader, and a
# second, small partition table (MBR) names it for the Pi 3, whose ROM knows no other.
# Programs of arm64 run by qemu-user, so what can be done without them is done here: kernel, modules, initramfs.

rpi_parts=$image_parts/rpi
rpi_suite=trixie
rpi_packages=systemd,systemd-sysv,systemd-repart,systemd-timesyncd,systemd-resolved,dbus,udev,ca-certificates,iproute2,kmod,e2fsprogs,fdisk,openssh-server,libc6,zlib1g,libstdc++6,libgcc-s1,adduser,procps,tzdata
rpi_boards='bcm2837-rpi-3-a-plus bcm2837-rpi-3-b bcm2837-rpi-3-b-plus bcm2711-rpi-4-b bcm2711-rpi-400 bcm2711-rpi-cm4-io bcm2712-rpi-5-b bcm2712-d-rpi-5-b'
# What a device tree does not name: what hangs at PCI and USB, file systems, and the disk of a virtual machine.
rpi_modules='rp1-pci xhci-pci nvme usb-storage uas sd_mod ext4 overlay virtio_mmio virtio_blk'
# Named by device trees, but nothing that a root is found by.
rpi_later='^(sound|net|drivers/(bluetooth|char|gpu|i2c|input|leds|media|net|platform|pwm|spi|thermal))/'

rpi_need() {
  local missing=() pair
  for pair in dtc:device-tree-compiler fdtoverlay:device-tree-compiler depmod:kmod cpio:cpio arch-test:arch-test \
    qemu-aarch64-static:qemu-user-static; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] || fail "missing tools: apt-get install $(printf '%s\n' "${missing[@]}" | sort -u | xargs)"
  arch-test arm64 >/dev/null 2>&1 && return
  # A container has no service that does it.
  [ -e /proc/sys/fs/binfmt_misc/register ] || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || fail 'programs of arm64 cannot be run: no binfmt_misc in this kernel'
  printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' \
    > /proc/sys/fs/binfmt_misc/register
  arch-test arm64 >/dev/null 2>&1 || fail 'programs of arm64 cannot be run: update-binfmts --enable qemu-aarch64'
}

rpi_sources() { # suites of the archive...
  local key=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite
  mirror=$(image_mirror)
  [ -n "$mirror" ] || fail "no archive of Debian in this computer's sources: /etc/apt/sources.list"
  for suite in "$@"; do echo "deb [signed-by=$key] $mirror $suite main non-free-firmware"; done
}

# The kernel is that of the backports: Debian's own is too old for what a Pi 5 has beside its processor.
rpi_fetch() { # the packages that are unpacked rather than installed
  local apt=$cache/apt-rpi debs=$cache/deb-rpi version
  mkdir -p "$apt"/state/lists/partial "$apt"/cache/archives/partial "$debs"
  : > "$apt/state/status"
  rpi_sources $rpi_suite $rpi_suite-backports > "$apt/sources.list"
  cat > "$apt/apt.conf" <<END
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "";
END
  export APT_CONFIG=$apt/apt.conf
  apt-get -q update >"$apt/log" 2>&1 || { tail -n 3 "$apt/log" >&2; fail "Debian's lists cannot be had now"; }
  version=$(apt-cache depends "linux-image-arm64/$rpi_suite-backports" 2>/dev/null | sed -n 's/.*Depends: linux-image-\([0-9].*\)/\1/p')
  [ -n "$version" ] || version=$(apt-cache show -a linux-image-arm64 | sed -n 's/^Depends:.*linux-image-\([^ ,]*-arm64\).*/\1/p' | sort -V | tail -n 1)
  [ -n "$version" ] || fail "no linux-image-arm64 in $rpi_suite-backports"
  (cd "$debs" && apt-get -q download "linux-base-$version" "linux-binary-$version" "linux-modules-$version" raspi-firmware busybox-static e2fsck-static >>"$apt/log" 2>&1) \
    || { tail -n 3 "$apt/log" >&2; fail "the kernel $version or the firmware cannot be had"; }
  unset APT_CONFIG
  printf '%s' "$version" > "$cache/rpi-kernel.version"
}

rpi_deb() { ls -t "$cache/deb-rpi/$1"_*.deb | head -n 1; }

rpi_base() { # prints the tar of the system without kernel and Verge; made once
  local tar=$cache/image-base-$rpi_suite-arm64.tar sources
  if [ ! -f "$tar" ]; then
    say 'the base system by qemu-user (once; ten minutes and more)'
    mapfile -t sources < <(rpi_sources $rpi_suite $rpi_suite-updates; rpi_sources $rpi_suite-security | sed 's:/debian :/debian-security :')
    mmdebstrap --format=tar --mode=root --variant=minbase --arch=arm64 --include=$rpi_packages --setup-hook='mkdir -p "$1/usr/share/man/man1"' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt=force-unsafe-io \
      --essential-hook="\"$rpi_parts/certificates\" hold \"\$1\"" --customize-hook="\"$rpi_parts/certificates\" make \"\$1\"" \
      --aptopt='APT::Install-Recommends "false"' $rpi_suite "$tar.part" "${sources[@]}" >"$cache/image-base.log" 2>&1 \
      || { tail -n 5 "$cache/image-base.log" >&2; fail 'mmdebstrap failed'; }
    mv "$tar.part" "$tar"
  fi
  echo "$tar"
}

rpi_kernel() { # root of the system
  local os=$1 version part
  version=$(cat "$cache/rpi-kernel.version")
  for part in base binary modules; do dpkg-deb --fsys-tarfile "$(rpi_deb "linux-$part-$version")" | tar -x -C "$os" --keep-directory-symlink --exclude './usr/share/*'; done
  # Graphics cards, sound cards and cameras of other computers.
  rm -rf "$os/usr/lib/modules/$version/kernel/drivers/gpu/drm"/{amd,nouveau,radeon,xe,i915,msm,tegra,rockchip,mediatek} \
    "$os/usr/lib/modules/$version"/kernel/{sound,drivers/media,drivers/infiniband,drivers/accel}
  depmod -b "$os" "$version"
}

rpi_named() { # folder of the kernel: the modules that the boards' device trees name
  local board
  for board in $rpi_boards; do dtc -q -I dtb -O dts "$1/dtb/broadcom/$board.dtb"; done \
    | sed -n 's/.*compatible = "\(.*\)";/\1/p' | sed 's/\\0/\n/g' | sort -u > "$scratch/compatible"
  awk 'NR == FNR {named[$1]; next}
    $1 == "alias" && index($2, "of:N*T*C") == 1 {word = substr($2, 9); sub(/C\*$/, "", word); if (word in named) print $3}' \
    "$scratch/compatible" "$1/modules.alias" | sort -u
}

image_initramfs() { # root of the system
  local os=$1 version tree module path
  version=$(cat "$cache/rpi-kernel.version")
  tree=$scratch/initramfs
  mkdir -p "$tree"/{bin,sbin,scripts,etc} "$tree/lib/modules/$version"
  dpkg-deb --fsys-tarfile "$(rpi_deb busybox-static)" | tar -xO ./usr/bin/busybox > "$tree/bin/busybox"
  dpkg-deb --fsys-tarfile "$(rpi_deb e2fsck-static)" | tar -xO ./usr/sbin/e2fsck.static > "$tree/sbin/e2fsck"
  chmod 0755 "$tree/bin/busybox" "$tree/sbin/e2fsck"
  install -m 0755 "$rpi_parts/init" "$tree/init"
  install -m 0755 "$os/etc/initramfs-tools/scripts/local-bottom/verge" "$tree/scripts/verge"
  rm -rf "$os/etc/initramfs-tools"
  for module in $(rpi_named "$os/usr/lib/modules/$version") $rpi_modules; do
    modprobe -d "$os" -S "$version" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | sed "s|.*/$version/kernel/||" | sort -u | grep -Ev "$rpi_later" > "$scratch/initramfs.modules"
  while read -r path; do
    mkdir -p "$tree/lib/modules/$version/kernel/$(dirname "$path")"
    # As a whole it packs better.
    xz -dc "$os/usr/lib/modules/$version/kernel/$path" > "$tree/lib/modules/$version/kernel/${path%.xz}"
  done < "$scratch/initramfs.modules"
  cp "$os/usr/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$tree/lib/modules/$version/"
  depmod -b "$tree" "$version"
  rm -f "$tree/lib/modules/$version"/modules.*.bin
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (cd "$tree" && find . -mindepth 1 | sort | cpio --quiet --reproducible -o -H newc -R 0:0) | zstd -q -19 > "$scratch/initrd.img"
  say "initramfs: $(wc -l < "$scratch/initramfs.modules") modules, $(($(stat -c %s "$scratch/initrd.img") / 1000)) kB"
}

rpi_overlays() { # folder for the results; each must fit the boards it is for
  local name board base
  base=$scratch/os/usr/lib/modules/$(cat "$cache/rpi-kernel.version")/dtb/broadcom
  mkdir -p "$1"
  for name in "$rpi_parts"/overlays/*.dts; do
    name=$(basename "$name" .dts)
    dtc -q -@ -I dts -O dtb -o "$1/$name.dtbo" "$rpi_parts/overlays/$name.dts"
    for board in $rpi_boards; do
      case $name:$board in
        *-pi5:bcm2712* | uart?:bcm2711* | *-pi4:bcm2711* | disable-bt:bcm2711* | disable-bt:bcm2837* | pwm-2chan:bcm2837*) ;;
        *) continue ;;
      esac
      fdtoverlay -i "$base/$board.dtb" -o "$scratch/merged.dtb" "$1/$name.dtbo" >"$scratch/fdtoverlay.log" 2>&1 \
        || { cat "$scratch/fdtoverlay.log" >&2; fail "the overlay $name does not fit $board.dtb of this kernel"; }
    done
  done
}

image_esp() { # root of the system, image of the partition, megabytes
  local os=$1 esp=$2 version firmware=$scratch/firmware board
  version=$(cat "$cache/rpi-kernel.version")
  mkdir -p "$firmware"
  dpkg-deb -x "$(rpi_deb raspi-firmware)" "$firmware"
  rpi_overlays "$scratch/overlays"
  rm -f "$esp"
  truncate -s "${3}M" "$esp"
  mkfs.vfat -F 32 -n VERGE-BOOT -i 56455247 "$esp" >/dev/null
  mcopy -i "$esp" "$firmware"/usr/lib/raspi-firmware/{bootcode.bin,start.elf,start4.elf,fixup.dat,fixup4.dat} ::
  mcopy -i "$esp" "$firmware/usr/share/doc/raspi-firmware/copyright" ::firmware-licence.txt
  mcopy -i "$esp" "$os/usr/lib/modules/$version/vmlinuz" ::vmlinuz
  mcopy -i "$esp" "$scratch/initrd.img" ::initrd.img
  for board in $rpi_boards; do mcopy -i "$esp" "$os/usr/lib/modules/$version/dtb/broadcom/$board.dtb" ::; done
  mmd -i "$esp" ::overlays
  mcopy -i "$esp" "$scratch"/overlays/*.dtbo ::overlays/
  mcopy -i "$esp" "$rpi_parts/config.txt" "$rpi_parts/cmdline.txt" "$image_parts/verge-site.example.toml" ::
  rm -rf "$os/usr/lib/modules/$version"/{vmlinuz,dtb,System.map}
}

image_rpi() {
  local package os disk part began=$SECONDS
  image_need
  rpi_need
  mkdir -p "$target/image" "$cache"
  scratch=$(mktemp -d)
  trap 'umount "$scratch/os/proc" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  own_version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)
  package=$target/deb/verge_${own_version}_arm64.deb
  [ -f "$package" ] || fail "first: packaging/build deb --arch arm64"
  rpi_fetch
  os=$scratch/os
  mkdir "$os"
  tar -xf "$(rpi_base)" -C "$os" --exclude='./dev/*'
  say "base system: $((SECONDS - began)) s"
  rpi_kernel "$os"
  cp -r "$rpi_parts/root/." "$os/"
  say 'the package, and its archive of classes, by qemu-user'
  image_system "$os" "$package"
  # What systemd does once after /usr has changed is done: the first start need not do it again.
  for part in etc var; do touch -r "$os/usr" "$os/$part/.updated"; done
  [ -s "$os/var/cache/verge/verge.jsa" ] || say 'without an archive of classes: starts take longer'
  disk=$target/image/verge_${own_version}_rpi-arm64.img
  { chroot "$os" dpkg-query -W; basename -a "$(rpi_deb raspi-firmware)" "$(rpi_deb busybox-static)" "$(rpi_deb e2fsck-static)" "$(rpi_deb "linux-binary-$(cat "$cache/rpi-kernel.version")")"; } > "${disk%.img}.packages.txt"
  say 'partitions'
  image_disk "$os" "$disk"
  sgdisk -t 2:8305 -h 1:EE "$disk" >/dev/null
  # The kind of the MBR's first entry: FAT32, the only one of these that the ROM of a Pi 3 takes.
  printf '\x0c' | dd of="$disk" bs=1 seek=450 conv=notrunc status=none
  zstd -q -f -10 -T0 "$disk" -o "$disk.zst"
  (cd "$target/image" && sha256sum *.zst > SHA256SUMS)
  say "$disk.zst: $(( ($(stat -c %s "$disk.zst") + 500000) / 1000000 )) MB, $((SECONDS - began)) s"
}
