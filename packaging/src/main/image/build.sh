# Sourced by packaging/build: a disk image, without loop devices. Needs root.
#
# 1 EFI system partition: systemd-boot, kernel, initramfs, the site file
# 2 root, ext4, never written to; /etc is an overlay whose upper half is on 3
# 3 /var, ext4, grows to the whole disk at the first boot

image_parts=$root/packaging/src/main/image
image_packages=linux-image-amd64,systemd,systemd-sysv,systemd-boot-efi,systemd-timesyncd,systemd-resolved,dbus,udev,ca-certificates,iproute2,kmod,e2fsprogs,fdisk,initramfs-tools,zstd,openssh-server,libc6,zlib1g,libstdc++6,libgcc-s1,adduser,procps,tzdata

image_need() {
  local missing=() pair
  [ "$(id -u)" = 0 ] || fail 'an image needs root: files of other owners are made'
  for pair in mmdebstrap:mmdebstrap sgdisk:gdisk mcopy:mtools mkfs.vfat:dosfstools mke2fs:e2fsprogs zstd:zstd; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] || fail "missing tools: apt-get install ${missing[*]}"
}

image_mirror() { # prints this computer's mirror of Debian
  grep -rhoE '(URIs: |^deb )[^ ]*' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | grep -o 'http.*' | grep -E '/debian/?$' | head -n 1
}

image_base() { # prints the tar of the system without Verge; made once
  local tar=$cache/image-base-bookworm-amd64.tar mirror
  if [ ! -f "$tar" ]; then
    say 'the base system (once; some minutes)'
    mirror=$(image_mirror)
    # OpenJDK's and others' scripts fail without a folder of manuals.
    mmdebstrap --format=tar --mode=root --variant=minbase --include=$image_packages --setup-hook='mkdir -p "$1/usr/share/man/man1"' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
      --aptopt='APT::Install-Recommends "false"' bookworm "$tar.part" ${mirror:+"$mirror"} >"$cache/image-base.log" 2>&1 \
      || { tail -n 5 "$cache/image-base.log" >&2; lacking 'the base system cannot be had: mmdebstrap failed'; }
    mv "$tar.part" "$tar"
  fi
  echo "$tar"
}

image_initramfs() { # root of the system
  chroot "$1" update-initramfs -u >>"$target/image.log" 2>&1 || { umount "$1/proc"; fail 'no initramfs could be made'; }
}

image_system() { # root of the system, package
  local os=$1 unit
  cp "$2" "$os/tmp/verge.deb"
  mount -t proc proc "$os/proc"
  chroot "$os" dpkg -i /tmp/verge.deb >"$target/image.log" 2>&1 || { umount "$os/proc"; tail -n 5 "$target/image.log" >&2; fail 'the package does not install'; }
  cp -r "$image_parts/root/." "$os/"
  chmod 0755 "$os/etc/initramfs-tools/scripts/local-bottom/verge" "$os/etc/initramfs-tools/hooks/verge"
  # Only a provisioned gateway has a configuration; without one the service does not start.
  mv "$os/etc/verge/gateway.toml" "$os/usr/share/doc/verge/gateway.toml"
  ln -sf ../run/systemd/resolve/resolv.conf "$os/etc/resolv.conf"
  echo verge > "$os/etc/hostname"
  : > "$os/etc/machine-id"
  rm -f "$os"/etc/ssh/ssh_host_* "$os/tmp/verge.deb" "$os"/var/lib/dbus/machine-id
  chroot "$os" systemctl -q enable verge.service verge-provision.service systemd-networkd.service ssh.service >>"$target/image.log" 2>&1
  chroot "$os" systemctl -q disable systemd-networkd-wait-online.service >>"$target/image.log" 2>&1
  chroot "$os" passwd -q -l root
  say 'initramfs'
  image_initramfs "$os"
  umount "$os/proc"
  rm -rf "$os"/var/cache/apt/* "$os"/var/lib/apt/lists/* "$os"/var/log/*.log
}

image_esp() { # root of the system, image of the partition, megabytes
  local os=$1 esp=$2 kernel
  kernel=$(basename "$(ls "$os"/boot/vmlinuz-* | sort -V | tail -n 1)")
  rm -f "$esp"
  truncate -s "${3}M" "$esp"
  mkfs.vfat -F 32 -n VERGE-BOOT -i 56455247 "$esp" >/dev/null
  printf 'default verge.conf\ntimeout 0\neditor no\n' > "$scratch/loader.conf"
  cat > "$scratch/verge.conf" <<END
title Verge
linux /vmlinuz
initrd /initrd.img
options root=PARTLABEL=verge-root ro console=tty0 console=ttyS0,115200 panic=10 quiet
END
  mmd -i "$esp" ::EFI ::EFI/BOOT ::loader ::loader/entries
  mcopy -i "$esp" "$os/usr/lib/systemd/boot/efi/systemd-bootx64.efi" ::EFI/BOOT/BOOTX64.EFI
  mcopy -i "$esp" "$os/boot/$kernel" ::vmlinuz
  mcopy -i "$esp" "$os/boot/initrd.img-${kernel#vmlinuz-}" ::initrd.img
  mcopy -i "$esp" "$scratch/loader.conf" ::loader/loader.conf
  mcopy -i "$esp" "$scratch/verge.conf" ::loader/entries/verge.conf
  mcopy -i "$esp" "$image_parts/verge-site.example.toml" ::verge-site.example.toml
}

image_disk() { # root of the system, result
  local os=$1 disk=$2 esp=$scratch/esp.img root_fs=$scratch/root.img var_fs=$scratch/var.img root_mb
  image_esp "$os" "$esp" 128
  rm -rf "$os"/boot/*
  mkdir -p "$scratch/var" "$os/boot/efi"
  cp -a "$os/var/." "$scratch/var/"
  find "$os/var" -mindepth 1 -delete
  root_mb=$(( $(du -sm "$os" | cut -f1) * 115 / 100 + 32 ))
  mke2fs -q -t ext4 -L verge-root -d "$os" -m 0 -F "$root_fs" "${root_mb}M"
  mke2fs -q -t ext4 -L verge-data -O 64bit,metadata_csum -d "$scratch/var" -m 1 -F "$var_fs" 256M
  rm -f "$disk"
  truncate -s "$((root_mb + 128 + 256 + 4))M" "$disk"
  sgdisk -o -n "1:1M:+128M" -t 1:ef00 -c 1:verge-boot -n "2:0:+${root_mb}M" -t 2:8304 -c 2:verge-root \
    -n "3:0:+256M" -t 3:8310 -c 3:verge-data "$disk" >/dev/null
  dd if="$esp" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$root_fs" of="$disk" bs=1M seek=129 conv=notrunc,sparse status=none
  dd if="$var_fs" of="$disk" bs=1M seek=$((129 + root_mb)) conv=notrunc,sparse status=none
}

image() {
  local wanted='' package os disk
  while [ $# -gt 0 ]; do
    case $1 in
      --target) wanted=${2:-}; shift 2 ;;
      *) usage ;;
    esac
  done
  [ "$wanted" = amd64-efi ] || usage
  image_need
  mkdir -p "$target/image" "$cache"
  scratch=$(mktemp -d)
  trap 'umount "$scratch/os/proc" 2>/dev/null || true; rm -rf "$scratch"' EXIT
  own_version=$(sed -n 's:^  <version>\(.*\)</version>:\1:p' "$root/pom.xml" | head -n 1)
  package=$target/deb/verge_${own_version}_amd64.deb
  [ -f "$package" ] || fail "first: packaging/build deb --arch amd64"
  os=$scratch/os
  mkdir "$os"
  tar -xf "$(image_base)" -C "$os" --exclude='./dev/*'
  image_system "$os" "$package"
  disk=$target/image/verge_${own_version}_amd64-efi.img
  say 'partitions'
  image_disk "$os" "$disk"
  zstd -q -f -10 -T0 "$disk" -o "$disk.zst"
  (cd "$target/image" && sha256sum *.zst > SHA256SUMS)
  say "$disk.zst: $(( ($(stat -c %s "$disk.zst") + 500000) / 1000000 )) MB"
}
